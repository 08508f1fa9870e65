"""Nothing lost: one file with everything, the way back, and the rehearsal of the way back."""

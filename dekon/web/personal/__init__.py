"""What Dekon knows about the person who is signed in."""

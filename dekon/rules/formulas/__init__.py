"""One module per subject; a formula that changed by law is a new dated function beside the old one, newest first."""

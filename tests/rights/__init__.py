"""Every address × every role × own and foreign place, compared with the matrix."""

"""Officials of satker, roles of people, and the matrix of rights."""

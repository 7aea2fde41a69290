"""The configurations in deploy/ are tried: the programs they are for are started with them and asked."""

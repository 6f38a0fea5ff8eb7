"""One file for each schema, in order; none is changed once it was published."""

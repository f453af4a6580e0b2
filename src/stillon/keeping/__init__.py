"""What a desk does with a store: put reports in, ask, correct, say what changed, take it elsewhere."""

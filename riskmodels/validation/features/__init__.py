"""Features judged before they go into a model: filled, stable, telling, not copies of one another, and leak-free."""

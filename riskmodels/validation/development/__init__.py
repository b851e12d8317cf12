"""The development of a model judged: sample, definition of bad, drivers, ranking on other obligors and later dates."""

"""Long campaigns: claims tried on more seeds, kills and mutations than a test suite has time for."""

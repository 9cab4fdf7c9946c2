"""Which entries stand in which document: pure, over heads alone."""

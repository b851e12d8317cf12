"""The models judged: discrimination, calibration, stability, and the suite that turns them into an opinion."""

"""The coefficients of the synthetic world, one frozen record per subject; their values stand in `demo_truth.toml`."""

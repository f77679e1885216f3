"""The presets, asked for what the fake services take."""

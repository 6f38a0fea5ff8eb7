"""The local page: camera, coach, history and programme in a browser, on this machine only."""

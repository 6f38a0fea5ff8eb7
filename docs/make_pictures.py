"""Make the pictures of README and docs from bundled clips: python docs/make_pictures.py.

The overlay is a frame of the annotated video, the report a screenshot of its first page; for that
a Chromium or Chrome has to be installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
CLIP = ROOT / "sample_videos" / "step_down_lean_right.mp4"
EXERCISE = "step-down"
OVERLAY_S = 6.5
REPORT_SIZE = (1040, 1500)
WIDTH = 960
WIDE = 1280
DROP = ROOT / "sample_videos" / "step_down_drop_left.mp4"
QUALITY = 82
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def judge(folder: Path) -> tuple[Path, Path]:
    """Judge the clip, and return its annotated video and report."""
    video, report = folder / "annotated.mp4", folder / "report.html"
    verb = [sys.executable, "-m", "glutecam", "score", str(CLIP), "--exercise", EXERCISE]
    # The person is rendered: there is no face to protect.
    verb += ["--faces", "keep", "--video", str(video), "--report", str(report)]
    subprocess.run(verb, cwd=ROOT, check=True)
    return video, report


def save(image: object, path: Path, width: int = WIDTH) -> None:
    """Write a picture (H, W, 3) in BGR, no wider than a page shows it."""
    import cv2
    import numpy as np

    pixels = np.asarray(image)
    height = round(pixels.shape[0] * width / pixels.shape[1])
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(path.suffix, small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    path.write_bytes(data.tobytes())
    sys.stdout.write(f"written: {path.relative_to(ROOT)}, {path.stat().st_size // 1000} kB\n")


def overlay(video: Path) -> None:
    """Save the frame of the annotated video that shows the fault."""
    import av

    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= OVERLAY_S:
                save(frame.to_ndarray(format="bgr24"), IMAGES / "overlay.jpg")
                return


def screenshot(report: Path) -> None:
    """Save the top of the report as a browser shows it."""
    import cv2

    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        sys.stdout.write("no Chromium or Chrome was found: the report was not photographed\n")
        return
    picture = report.with_suffix(".png")
    size = ",".join(map(str, REPORT_SIZE))
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    places = [f"--window-size={size}", f"--screenshot={picture}", report.as_uri()]
    wait = "--virtual-time-budget=5000"
    subprocess.run([browser, *options, wait, *places], check=True, capture_output=True, timeout=120)
    save(cv2.imread(str(picture)), IMAGES / "report.jpg")


def session() -> None:
    """Save the steps of a live session."""
    from live_picture import steps_of_a_session

    save(steps_of_a_session(DROP, EXERCISE), IMAGES / "live.jpg", WIDE)


def main() -> None:
    """Make the pictures."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        video, report = judge(Path(folder))
        overlay(video)
        screenshot(report)
    session()


if __name__ == "__main__":
    main()

"""Draws static/img/share.png, the picture that stands beside a link to us elsewhere: `python hub/design/share.py`.

Headless Chromium draws our own scene at 1200 by 630; nobody needs it to run the hub. No name stands in it, since the
name of the service is a setting, and nothing says why somebody shares the link.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
WIDTH, HEIGHT = 1200, 630
PAGE = """<!doctype html><meta charset="utf-8"><style>
html, body {{ margin: 0; width: {width}px; height: {height}px; overflow: hidden; background: #fdf1ea; }}
img {{ position: absolute; left: 0; bottom: 0; width: {width}px; }}
</style><img src="{scene}">"""


def main() -> int:
    browser = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("This needs Chromium. Install it as root: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "share.html"
        scene = (STATIC / "img" / "scene-two-homes.svg").as_uri()
        page.write_text(PAGE.format(width=WIDTH, height=HEIGHT, scene=scene), "utf-8")
        asked = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files",
            f"--user-data-dir={folder}/profile", f"--window-size={WIDTH},{HEIGHT}",
            f"--screenshot={STATIC / 'img' / 'share.png'}", page.as_uri(),
        ]
        return subprocess.run(asked, check=False, capture_output=True).returncode


if __name__ == "__main__":
    sys.exit(main())

"""The site is built with every warning an error, and loads nothing from elsewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.timeout(600)
def test_every_page_is_in_the_site(site: Path) -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        assert (site / page.relative_to(ROOT / "docs").with_suffix(".html")).exists()


@pytest.mark.timeout(600)
def test_the_site_loads_nothing_from_another_host(site: Path) -> None:
    loading = re.compile(r"<(?:script|img|iframe|link|source)\b[^>]*\b(?:src|href)=[\"']?((?:https?:)?//[^\"'\s>]+)")
    importing = re.compile(r"(?:@import\s+|url\()[\"']?((?:https?:)?//[^\"')\s]+)")
    pages = list(site.rglob("*.html"))
    assert pages
    for path in pages:
        assert loading.findall(path.read_text(encoding="utf-8")) == []
    for path in site.rglob("*.css"):
        assert importing.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.timeout(600)
def test_the_site_describes_records_with_their_fields(site: Path) -> None:
    """The Python reference is made from the code; a page without fields would pass as built."""
    page = re.sub(r"<[^>]+>", " ", (site / "python.html").read_text(encoding="utf-8"))
    for words in ("independent origins behind the answer", "first character", "seconds", "robots.txt"):
        assert words in page.lower()

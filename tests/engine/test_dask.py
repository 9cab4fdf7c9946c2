"""The dask engine, over TCP, with a scheduler and workers that are processes of their own (issue 3's fourth part)."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]  # it comes with distributed
import pytest
from distributed import Client

from feeder.engine import choice, hired, versions
from feeder.engine import dask as dask_engine
from feeder.engine.choice import choose_engine
from feeder.engine.dask import DaskEngine
from feeder.engine.limits import Death, Limits
from feeder.engine.parcel import Freight
from feeder.engine.versions import Version, differences
from feeder.errors import FeederError, InputOutputError, UsageError
from feeder.model.source import Source

TOP = Path(__file__).parent.parent.parent
NOW = "1793491200"
PATIENCE = 180.0  # seconds, for what takes a few: only a hang takes longer
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("DASK_")},
    "PYTHONPATH": os.pathsep.join((str(TOP), *sys.path)),
    "SOURCE_DATE_EPOCH": NOW,
}


@dataclass
class Cluster:
    """A scheduler and its workers; `log` takes what they say."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    address: str = ""

    def begin(self, workers: int, *options: str) -> None:
        """Start a scheduler at a port that is free, and `workers` workers."""
        file = self.folder / "scheduler.json"
        self._run("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        until(lambda: file.exists() and file.read_text().strip().endswith("}"))
        self.address = json.loads(file.read_text())["address"]
        for _ in range(workers):
            self.hire(*options)
        if workers:
            with Client(self.address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
                client.wait_for_workers(workers, timeout=PATIENCE)

    def hire(self, *options: str) -> None:
        """Start a worker, of one thread unless `options` say more."""
        folder = self.folder / f"worker-{len(self.processes)}"
        folder.mkdir()
        options = options or ("--no-nanny", "--nthreads", "1")
        self.workers.append(
            self._run("worker", self.address, *options, "--no-dashboard", "--local-directory", str(folder))
        )

    def end(self) -> None:
        """End them all, the scheduler last."""
        for process in reversed(self.processes):
            with contextlib.suppress(psutil.NoSuchProcess):
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
            process.kill()
            process.wait(PATIENCE)

    def _run(self, kind: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments],
                cwd=self.folder,
                env={**ENVIRONMENT, **self.settings},
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process


def until(condition: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until `condition` holds; fail when that takes too long."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.01)


@contextlib.contextmanager
def running(folder: Path, workers: int, *options: str, **settings: str) -> Iterator[Cluster]:
    """Have a cluster."""
    cluster = Cluster(folder, settings)
    try:
        cluster.begin(workers, *options)
        yield cluster
    finally:
        cluster.end()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers."""
    with running(tmp_path_factory.mktemp("cluster"), 2) as found:
        yield found


# --- builds -----------------------------------------------------------------------------------------------------------

FORCED = """
import sys
from feeder.engine.dask import DaskEngine
DaskEngine._all_see = lambda *_: False  # as where the workers have another disk
from feeder.__main__ import main
main()
"""


@dataclass(frozen=True)
class Site:
    """A site to build: where it is, and the roots that are named."""

    folder: Path
    roots: tuple[str, ...] = ()

    def build(self, dist: Path, engine: str) -> dict[str, bytes]:
        """Return the files that one engine makes."""
        done = self.begin(dist, engine)
        _, said = done.communicate(timeout=PATIENCE)
        assert done.returncode == 0, said
        return files(dist)

    def begin(self, dist: Path, engine: str, *how: str) -> subprocess.Popen[str]:
        """Begin a build."""
        options = ("--dist", str(dist), "--engine", engine, "--no-cache", "--quiet")
        return subprocess.Popen(
            [sys.executable, *(how or ("-m", "feeder")), "build", *self.roots, *options],
            cwd=self.folder,
            env=ENVIRONMENT,
            text=True,
            stderr=subprocess.PIPE,
        )


def files(folder: Path) -> dict[str, bytes]:
    """Return what is in `folder`."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.fixture(params=["our own", "mirror", "magazine", "agency"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    """Our own site, and every corpus."""
    if request.param == "our own":
        shutil.copytree(TOP / "posts", tmp_path / "site" / "posts")
        shutil.copy(TOP / "feeder.toml", tmp_path / "site")
        return Site(tmp_path / "site")
    folder: Path = request.getfixturevalue("corpus")(request.param)
    if request.param == "agency":
        shutil.copytree(folder, tmp_path / "agency")
        folder = tmp_path / "agency"
        (folder / "feeder.toml").write_text(
            '[site]\nurl = "https://18f.example.gov"\ntitle = "Agency"\n'
            '[posts]\npermalink = "/:year/:month/:day/:title/"\n'
        )
    return Site(folder, ("_posts", "archived") if request.param == "mirror" else ("_posts",))


def at_work(workers: list[subprocess.Popen[bytes]]) -> list[subprocess.Popen[bytes]]:
    """Return those of `workers` that work for a build: they have a child from its first task to its end."""
    return [worker for worker in workers if worker.poll() is None and psutil.Process(worker.pid).children()]


def test_every_engine_gives_the_same_bytes_and_a_worker_may_die(site: Site, cluster: Cluster, tmp_path: Path) -> None:
    """Serial, processes:2 and dask give the same bytes, even if a dask worker is killed while it works."""
    expected = site.build(tmp_path / "serial", "serial")
    assert len(expected) > 4
    assert site.build(tmp_path / "processes", "processes:2") == expected
    build = site.begin(tmp_path / "dask", f"dask:{cluster.address}")
    until(lambda: at_work(cluster.workers))
    victim = at_work(cluster.workers)[0]
    victim.kill()
    assert build.poll() is None, "the build was over too soon"
    cluster.hire()
    _, said = build.communicate(timeout=PATIENCE)
    assert build.returncode == 0, said
    assert victim.wait(PATIENCE) == -signal.SIGKILL
    assert files(tmp_path / "dask") == expected


@pytest.mark.parametrize("name", ["magazine"])
def test_workers_without_the_posts_give_the_same_bytes(
    name: str, corpus: Callable[[str], Path], cluster: Cluster, tmp_path: Path
) -> None:
    """Where the workers cannot see the posts these are sent to them, and the feeds are the same."""
    site = Site(corpus(name), ("_posts",))
    build = site.begin(tmp_path / "dask", f"dask:{cluster.address}", "-c", FORCED)
    _, said = build.communicate(timeout=PATIENCE)
    assert build.returncode == 0, said
    assert files(tmp_path / "dask") == site.build(tmp_path / "serial", "serial")


# --- maps -------------------------------------------------------------------------------------------------------------


def square(number: int) -> tuple[int, int]:
    """Return a result that names its item."""
    return number, number * number


def no_casualty(item: object, death: Death) -> tuple[int, int]:
    """Say that nothing should have died."""
    raise AssertionError(item, death)


def fail(number: int) -> tuple[int, int]:
    """Raise an exception."""
    raise ValueError(number)


def be_hostile(how: str, victim: int, number: int) -> tuple[int, int]:
    """Do over one item what no process survives, or what its dask worker does not."""
    hoard = bytearray()
    while number == victim and how == "memory" and len(hoard) < 2 * 10**9:
        hoard += bytes(1 << 24)
    while number == victim and how == "time" and time.process_time() < 30:
        pass
    if number == victim and how == "crash":
        import ctypes

        ctypes.string_at(0)
    if number == victim and how == "worker":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(PATIENCE)
    return square(number)


def length(source: Source, data: bytes | None = None) -> tuple[str, int, str]:
    """Return how many bytes a file has, and how that was found out: what a stage's function is like."""
    if data is not None:
        return source.path, len(data), "sent"
    return source.path, os.stat(source.file).st_size, "here" if os.getpid() == os.getppid() else str(os.getpid())


@pytest.fixture
def engine(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[DaskEngine]:
    """An engine with tight limits, on two workers."""
    monkeypatch.setattr(dask_engine, "_WITHOUT_WORKERS", 5)
    while len([worker for worker in cluster.workers if worker.poll() is None]) < 2:
        cluster.hire()
    with DaskEngine(cluster.address, limits=Limits(0.5, 300_000_000)) as found:
        yield found


def test_maps(engine: DaskEngine) -> None:
    """Every item's result comes once; maps follow each other; one may be left early; exceptions are the caller's."""
    results = engine.map(square, range(10_000), 5, no_casualty)
    assert next(iter(results))
    del results
    for count in (0, 1, 23):
        assert sorted(engine.map(square, range(count), 5, no_casualty)) == [square(number) for number in range(count)]
    with pytest.raises(ValueError, match="7"):
        list(engine.map(fail, (7,), 1, no_casualty))


@pytest.mark.parametrize(
    ("how", "expected"), [("memory", Death.MEMORY), ("time", Death.TIME), ("crash", Death.CRASHED)]
)
def test_what_no_process_survives_costs_its_item(
    engine: DaskEngine, cluster: Cluster, how: str, expected: Death
) -> None:
    """An item that would kill its worker costs itself, and the dask workers live on."""
    deaths: list[tuple[int, Death]] = []

    def died(number: int, death: Death) -> tuple[int, int]:
        deaths.append((number, death))
        return square(number)

    before = [worker.pid for worker in cluster.workers if worker.poll() is None]
    results = sorted(engine.map(partial(be_hostile, how, 5), range(12), 4, died))
    assert results == [square(number) for number in range(12)]
    assert deaths == [(5, expected)]
    assert [worker.pid for worker in cluster.workers if worker.poll() is None] == before


def test_what_kills_dask_workers_costs_its_item(tmp_path: Path) -> None:
    """An item that takes worker after worker of dask along is run alone, and is then the only one that is lost."""
    settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with (
        running(tmp_path, 2, "--nthreads", "1", **settings) as nursed,
        DaskEngine(nursed.address) as engine,
    ):
        results = sorted(
            engine.map(partial(be_hostile, "worker", 5), range(12), 4, lambda number, death: (number, len(death.value)))
        )
    assert results == [(n, len(Death.KILLED.value)) if n == 5 else square(n) for n in range(12)]


def test_files_that_workers_see_are_read_by_them(cluster: Cluster, tmp_path: Path) -> None:
    """Workers read files that they have, in the folder of the build; one that changed meanwhile is read here."""
    sources = []
    for number in range(30):
        file = tmp_path / f"{number}.md"
        file.write_bytes(bytes(number))
        status = file.stat()
        sources.append(Source(str(tmp_path), file.name, status.st_size, status.st_mtime_ns))
    (tmp_path / "25.md").write_bytes(b"it has changed")
    os.utime(tmp_path / "25.md", (1, 1))

    def load(source: Source) -> bytes | None:
        raise AssertionError(source)

    with DaskEngine(cluster.address, Freight(lambda source: source, load)) as engine:
        results = sorted(engine.map(length, sources, 4, no_file_lost), key=lambda result: int(result[0][:-3]))
    assert [size for _, size, _ in results] == [14 if number == 25 else number for number in range(30)]
    assert [name for name, _, where in results if where == str(os.getpid())] == ["25.md"]


def no_file_lost(source: Source, death: Death) -> tuple[str, int, str]:
    """Say that nothing should have died."""
    raise AssertionError(source, death)


def test_files_that_workers_do_not_see_are_sent(cluster: Cluster, tmp_path: Path) -> None:
    """Files that no worker has are sent along, in batches of a bounded size; one that cannot be read is done here."""
    (tmp_path / "here.md").write_bytes(b"12345")
    sources = [Source("nowhere", f"{number}.md", number, 0) for number in range(20)]
    sources += [Source("nowhere", "big.md", 9_000_000, 0), Source(str(tmp_path), "here.md", 5, 0)]

    def load(source: Source) -> bytes | None:
        return None if source.path == "here.md" else bytes(source.size)

    with DaskEngine(cluster.address, Freight(lambda source: source, load)) as engine:
        results = set(engine.map(length, sources, 8, no_file_lost))
    sent = {(source.path, source.size, "sent") for source in sources[:-1]}
    assert results == {*sent, ("here.md", 5, str(os.getpid()))}


# --- what goes wrong --------------------------------------------------------------------------------------------------


def enter(engine: DaskEngine) -> FeederError:
    """Return what entering `engine` raises."""
    with pytest.raises(FeederError) as caught, engine:
        pass
    assert "\n" not in str(caught.value)
    return caught.value


def test_no_scheduler(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Where there is no scheduler the build ends within seconds, with one sentence and 74."""
    monkeypatch.setattr(dask_engine, "_TO_CONNECT", 1)
    problem = enter(DaskEngine("tcp://127.0.0.1:9"))
    assert problem.exit_code == 74
    assert "no dask scheduler can be reached there (" in str(problem)
    assert capfd.readouterr() == ("", "")


def test_a_server_that_is_no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where something else listens, and says nothing, the build ends within seconds all the same."""
    monkeypatch.setattr(dask_engine, "_TO_CONNECT", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        problem = enter(DaskEngine(f"tcp://127.0.0.1:{server.getsockname()[1]}"))
    assert problem.exit_code == 74
    assert "no dask scheduler can be reached there (" in str(problem)


def test_no_workers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the scheduler has no workers the build ends within seconds, with one sentence and 74."""
    monkeypatch.setattr(dask_engine, "_TO_SEE_WORKERS", 1)
    with running(tmp_path, 0) as empty:
        problem = enter(DaskEngine(empty.address))
    assert problem.exit_code == 74
    assert f"start some with `dask worker {empty.address}`" in str(problem)


def test_other_versions(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that has another version of what decides the bytes is refused, with what is different and 2."""
    monkeypatch.setattr(versions, "version", lambda _: "0.0.1")
    problem = enter(DaskEngine(cluster.address))
    assert problem.exit_code == 2
    assert "nh3 0.0.1 here, " in str(problem)
    assert "Python" not in str(problem).partition("; install")[0]


def test_a_worker_without_feeder(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that does not have feeder is refused with 2, one that does not answer with 74."""
    answer: Exception = ModuleNotFoundError("No module named 'feeder'")
    monkeypatch.setattr(DaskEngine, "_ask", lambda *_: {"tcp://10.0.0.1:1": answer})
    problem = enter(DaskEngine(cluster.address))
    assert problem.exit_code == 2
    assert "the dask worker tcp://10.0.0.1:1 would not give the same bytes: No module named 'feeder'; " in str(problem)
    answer = OSError("it\nis gone")
    problem = enter(DaskEngine(cluster.address))
    assert problem.exit_code == 74
    assert "tcp://10.0.0.1:1 does not answer (it is gone)" in str(problem)


def test_what_is_different() -> None:
    """Differences name what is not the same, or not there."""
    here = (Version("Python", "3.11.7"), Version("nh3", "0.3.1"), Version("lxml", "6"))
    assert differences(here, here) == []
    there = (Version("Python", "3.12.1"), Version("nh3", "0.3.1"))
    assert differences(here, there) == ["Python 3.11.7 here, 3.12.1 there", "lxml 6 here, nothing there"]


def test_every_library_that_decides_bytes_is_compared() -> None:
    """All that feeder depends on is compared, but for what only the command line uses."""
    import tomllib

    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    names = {dependency.partition(">")[0].lower() for dependency in project["dependencies"]}
    assert names - {"typer", "rich", "watchfiles"} <= {one.name.lower() for one in versions.versions()}


@pytest.mark.parametrize("what", ["scheduler", "workers"])
def test_a_cluster_that_goes_away(what: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the scheduler or every worker goes away during a build, and none comes back, it ends with 74."""
    monkeypatch.setattr(dask_engine, "_WITHOUT_WORKERS", 1)
    monkeypatch.setattr(dask_engine, "_BETWEEN_LOOKS", 0.2)
    with running(tmp_path, 1) as doomed, DaskEngine(doomed.address) as engine:
        results = iter(engine.map(time.sleep, [0.05] * 1_000, 2, no_casualty))
        next(results)
        (doomed.processes[0] if what == "scheduler" else doomed.workers[0]).kill()
        with pytest.raises(InputOutputError, match="went away during the build"):
            list(results)


def test_without_dask_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where distributed is not installed the name of the engine is refused, with what to install."""
    monkeypatch.delitem(sys.modules, "feeder.engine.dask", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"distributed is not installed here: install feeder\[dask\]"):
        choose_engine("dask:tcp://127.0.0.1:8786", 0)


def test_engines_by_name() -> None:
    """The engine is chosen by its name, with the scheduler's address."""
    engine = choice.choose_engine("dask:tcp://[::1]:8786", 0)
    assert isinstance(engine, DaskEngine)


def test_a_worker_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a dask worker cannot start a process to work in, that is said, and no post is blamed."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(hired.NoWorkerError, match="before it began"):
        hired.work(b"", hired.Terms("nobody", versions.versions(), Limits(), "/"))


def test_a_worker_that_came_later() -> None:
    """A dask worker that came during the build refuses to work where its versions are others."""
    terms = hired.Terms("nobody", (Version("nh3", "0.0.1"),), Limits(), "/")
    with pytest.raises(hired.NoWorkerError, match=r"would not give the same bytes: nh3 0\.0\.1 here, "):
        hired.work(b"", terms)

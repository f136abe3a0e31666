# ruff: noqa: E501 - cells are easier to read in one piece
"""Notebooks that a forked kernel could get wrong: cells by name, options of papermill where they need some."""

from __future__ import annotations

#: Each is a notebook: its cells in order. What they show must not depend on the machine, the time or the process.
NOTEBOOKS: dict[str, list[str]] = {
    "plain": ["1 + 1", "print('да')\n_ + 1", "x = 5", "x", "Out[1], In[1], _3", "%who_ls"],
    "exception": ["def fail(n):\n    return 1 / n", "fail(0)", "print('never')"],
    "exception in a library": ["import json\njson.loads('{')"],
    "syntax error": ["ok = 1", "def ("],
    "chained exceptions": ["try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('ой') from e"],
    "sys.exit": ["import sys\nprint('before')\nsys.exit(3)", "1"],
    "quit": ["quit()", "print('after quit')"],
    "os._exit": ["a = 1", "import os\nos._exit(3)"],
    "segfault": ["import ctypes\nctypes.string_at(0)"],
    "killed": ["1", "2", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"],
    "input": ["input('имя? ')"],
    "getpass": ["import getpass\ngetpass.getpass()"],
    "await": ["import asyncio\nawait asyncio.sleep(0.01)\nprint('slept')", "async def f():\n    return 7\nawait f()"],
    "nested loop": ["import asyncio\nasyncio.run(asyncio.sleep(0))"],
    "loop in a thread": [
        "import asyncio, threading\nasync def f():\n    return 'из потока'\n"
        "t = threading.Thread(target=lambda: print(asyncio.run(f())))\nt.start()\nt.join()"
    ],
    "threads": [
        "import threading\ndef w():\n    print(threading.current_thread().name)\n"
        "for _ in range(3):\n    t = threading.Thread(target=w)\n    t.start()\n    t.join()",
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as p:\n"
        "    print(sum(p.map(int, '1234')))",
        "threading.main_thread() is threading.current_thread()",
    ],
    "leaked threads": [
        "import threading, time\nfor _ in range(20):\n    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        "threading.active_count() > 20",
    ],
    "multiprocessing fork": [
        "import multiprocessing as m, math\nwith m.get_context('fork').Pool(2) as p:\n    print(p.map(math.sqrt, [1, 4, 9]))",
        "q = m.get_context('fork').Queue()\n"
        "c = m.get_context('fork').Process(target=lambda: q.put('дитя'))\nc.start()\nprint(q.get())\nc.join()\nc.exitcode",
    ],
    "multiprocessing spawn": [
        "import multiprocessing as m, math\nwith m.get_context('spawn').Pool(1) as p:\n    print(p.map(math.sqrt, [16]))"
    ],
    "os.fork": [
        "import os\npid = os.fork()\nif not pid:\n    os._exit(5)\nos.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])"
    ],
    "magics": [
        "%%bash\necho из bash; pwd | wc -l",
        "!echo из оболочки",
        "lines = !printf 'a\\nb'\nlines",
        "%%capture out\nprint('внутри')",
        "out.stdout",
        "%env SOKO_PROBE=1",
        "%cd -q /\n%pwd",
        "%cd -q -",
        "%%writefile probe_j.txt\ntext",
        "%lsmagic",
        "%no_such_magic",
    ],
    "script that fails": ["%%bash\nexit 3"],
    "descriptors": [
        "import os\nos.write(1, b'written\\n');",
        "os.system('echo system; echo wrong >&2')",
        "import ctypes\nc = ctypes.CDLL(None)\nc.printf(b'printed %d\\n', 7)\nc.fflush(None);",
        "import sys\nprint('direct', file=sys.__stdout__, flush=True)",
        "os.write(2, b'to stderr\\n');",
        "sys.stdin.read(), sys.stdin.isatty(), sys.stdout.isatty(), os.isatty(0)",
    ],
    "stderr": [
        "import sys, logging\nprint('ошибка', file=sys.stderr)",
        "logging.warning('в журнал')",
        "print('после')",
    ],
    "warnings": [
        "import warnings\nwarnings.warn('обычное')",
        "warnings.warn('устарело', DeprecationWarning)",
        "import numpy as np\nnp.array([1.0]) / 0",
        "import pandas as pd\npd.to_datetime(['01.02.2024', '13 марта'], errors='coerce')",
        "b''.hex; '\\d'",
    ],
    "display": [
        "from IPython.display import *\ndisplay(HTML('<b>жирно</b>'), JSON({'a': [1]}), Markdown('*текст*'))",
        'SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\')',
        "h = display('первое', display_id='a')",
        "h.update('второе')\ndisplay('рядом')",
        "update_display('третье', display_id='a')",
        "print('долой')\nclear_output()\nprint('осталось')",
        "print('сейчас')\nclear_output(wait=True)\nprint('потом')",
        "class R:\n    def _repr_mimebundle_(self, **k):\n        return {'text/plain': 'r', 'application/x-own+json': {'k': 1}}\nR()",
        "class B:\n    def _repr_html_(self):\n        raise RuntimeError('не показать')\nB()",
        "import sys\nsys.displayhook(12)",
        "1;",
    ],
    "tables": [
        "import pandas as pd, numpy as np\npd.DataFrame(np.arange(900).reshape(3, 300))",
        "print(pd.DataFrame(np.arange(900).reshape(3, 300)))",
        "pd.DataFrame({'a': range(200)})",
        "pd.Series([1.5, None], name='ряд')",
        "print(pd.get_option('display.width'), pd.get_option('display.max_columns'))",
        "import duckdb\nduckdb.sql('select 1 as a').df()",
    ],
    "figures": [
        "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])",
        "plt.figure(figsize=(2, 1))\nplt.bar([1], [2])\nplt.show()\nprint('после рисунка')",
        "f, a = plt.subplots(figsize=(2, 1))\na.plot([3, 1]);",
        "plt.close('all')\nf",
        "%config InlineBackend.figure_formats = ['svg']\nimport matplotlib\nmatplotlib.rcParams['svg.hashsalt'] = 's'\n"
        "plt.figure(figsize=(1, 1)).text(0, 0, 'да');",
        "import seaborn as sns\nax = sns.barplot(x=['а', 'б'], y=[1, 2])",
        "matplotlib.get_backend(), matplotlib.is_interactive(), plt.get_fignums()",
        "%matplotlib inline\nplt.plot([1]);",
    ],
    "another backend": [
        "import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\nplt.plot([1]);\nplt.show()"
    ],
    "large": ["print('строка\\n' * 500_000)", "'x' * 1_000_000", "import os\nos.write(1, b'y' * 200_000);"],
    "unicode": ["print('Ё\\u0301 😀 \\x00 \\r возврат')", "'\\udcff'", "print('\\x1b[31mкрасный\\x1b[0m')"],
    "environment": [
        "import os, sys, pathlib\nignored = {'JPY_PARENT_PID', 'JPY_SESSION_NAME'}\n"
        "sorted((k, v) for k, v in os.environ.items() if k not in ignored)",
        "os.getcwd() == str(pathlib.Path('.').resolve()), os.path.basename(os.getcwd())",
        "[os.path.basename(sys.argv[0]), sys.argv[1], len(sys.argv), sys.argv[3:], sys.path, sys.flags, sys.executable]",
        "'JPY_PARENT_PID' in os.environ, os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid(), os.nice(0), os.umask(18)",
        "sorted(globals())",
        "__name__, sys.modules['__main__'].__dict__ is globals(), '__file__' in globals()",
        "import signal\n[(s.name, str(signal.getsignal(s))) for s in sorted(signal.valid_signals()) if isinstance(s, signal.Signals)]",
        "import gc, locale, threading, logging\n"
        "gc.isenabled(), gc.get_threshold(), sys.getrecursionlimit(), sys.getswitchinterval(), locale.setlocale(locale.LC_ALL)",
        "logging.root.handlers, logging.root.level, sys.warnoptions, os.sched_getaffinity(0) == os.sched_getaffinity(1)",
        "import resource\n[resource.getrlimit(getattr(resource, n)) for n in dir(resource) if n.startswith('RLIMIT_')]",
    ],
    "settings of libraries": [
        "import matplotlib, pandas, numpy, decimal, asyncio, socket\nimport matplotlib.pyplot, seaborn, pyarrow.parquet\n"
        "dict(matplotlib.rcParams)",
        "[(k, v) for k, v in sorted(pandas.options.display.__dict__['d'].items()) if k not in ('encoding', 'html', 'unicode')]",
        "numpy.geterr(), numpy.get_printoptions(), decimal.getcontext(), socket.getdefaulttimeout()",
        "type(asyncio.get_event_loop_policy()).__name__, type(asyncio.get_running_loop()).__name__",
        "sorted(e for e in get_ipython().events.callbacks), len(get_ipython().events.callbacks['post_execute'])",
    ],
    "subprocess": [
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True, text=True).stdout",
        "subprocess.run([sys.executable, '-c', 'import sys; print(sys.flags, sys.path[1:])']).returncode",
        "subprocess.run('exit 4', shell=True).returncode",
        "p = subprocess.Popen(['sleep', '60'])\np.terminate()\np.wait()",
    ],
    "ends in order": [
        "import atexit, tempfile\nheld = open('held.txt', 'w')\nheld.write('дописано')",
        "atexit.register(lambda: open('atexit.txt', 'w').write('записано'))",
        "folder = tempfile.TemporaryDirectory(dir='.')",
        "import threading, time\ndef late():\n    time.sleep(0.3)\n    open('thread.txt', 'w').write('дождались')\n"
        "threading.Thread(target=late).start()",
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\npool.submit(int).result()",
    ],
    "memory": [
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))",
        "try:\n    b'x' * (8 << 30)\nexcept MemoryError:\n    print('не хватило')",
        "b'x' * (8 << 30)",
    ],
    "recursion": ["def f(n):\n    return f(n + 1)\ntry:\n    f(0)\nexcept RecursionError as e:\n    print(e)"],
    "time is up": [
        "print('начал')",
        "import time\ntry:\n    time.sleep(60)\nfinally:\n    open('finally.txt', 'w').write('да')",
    ],
    "deaf": [
        "while True:\n    try:\n        while True:\n            pass\n    except KeyboardInterrupt:\n        pass"
    ],
    "tracebacks": [
        "%xmode Minimal\n1/0",
    ],
    "raises as expected": ["1/0", "print('дальше')"],
}
OPTIONS: dict[str, dict[str, int]] = {"time is up": {"execution_timeout": 2}, "deaf": {"execution_timeout": 2}}
#: Cells that are allowed to fail, by notebook.
TAGS = {"raises as expected": {0: ["raises-exception"]}}
#: Drawn twice, these differ.
RANDOM = (
    "import random, uuid, tempfile, os, secrets\nimport numpy as np\n"
    "for made in (random.random(), np.random.rand(), np.random.default_rng().random(), uuid.uuid4(), uuid.uuid1(),\n"
    "             tempfile.mktemp(), secrets.token_hex(), os.urandom(4).hex(), random.Random().random()):\n    print(made)\n"
    "import multiprocessing\nprint(multiprocessing.current_process().authkey.hex())"
)

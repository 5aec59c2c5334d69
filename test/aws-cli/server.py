"""
The AWS CLI for all end-to-end tests. It loads once, and each command is a process that is forked from
it: a start of its own would take half a second of a processor, some hundred times.

It listens on the socket of its one argument, and ends with its standard input. See client.py.
"""

import json
import os
import select
import signal
import socket
import sys

import awscli.clidriver

# The first command would load it.
import awscli.handlers  # noqa: F401
import distro
from awscli.customizations import assumerole


def run(args):
    """What /usr/bin/aws does. Returns the exit code."""
    sys.argv = ["aws", *args]
    try:
        code = awscli.clidriver.main()
    except SystemExit as ended:
        code = ended.code
    sys.stdout.flush()
    sys.stderr.flush()
    return code or 0


def answer(client):
    """Runs the command of a client on its streams, in its folder and environment."""
    _, streams, _, _ = socket.recv_fds(client, 1, 3)
    with client.makefile("rb") as sent:
        asked = json.loads(sent.read())
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(asked["folder"])
    # The AWS CLI sets the folder of its models as it loads.
    models = os.environ["AWS_DATA_PATH"]
    os.environ.clear()
    os.environ.update(asked["environment"], AWS_DATA_PATH=models)
    # It sets the folder of the sessions that it keeps as it loads, too: that is in its caller's home.
    assumerole.CACHE_DIR = os.path.expanduser("~/.aws/cli/cache")
    client.sendall(bytes([run(asked["args"])]))


def serve(path):
    # Nobody waits for a command here. Its client waits for the answer.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen(64)
        print("ready", flush=True)
        while server in select.select([server, sys.stdin], [], [])[0]:
            client, _ = server.accept()
            if os.fork() == 0:
                # A command waits for its own children.
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                server.close()
                try:
                    answer(client)
                finally:
                    os._exit(0)
            client.close()


# Each command says in its user agent which system this is, and would run lsb_release to find out.
distro.major_version()
serve(sys.argv[1])

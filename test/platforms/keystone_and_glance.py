"""Keystone and Glance on ports of this computer, with SQLite and files in a folder: keystone_and_glance.py FOLDER.

Each is a process of its own, as both keep their configuration in one global object. The first line on standard output is
their addresses as JSON; they end with standard input.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request

HERE = os.path.dirname(sys.executable)
PASSWORD = 'let me in'
SEED = os.path.join(sys.prefix, 'openstack-seed')
SEEDED = ('keystone.db', 'glance.db', 'fernet', 'credential')

KEYSTONE = """[DEFAULT]
log_file = {folder}/keystone.log
[database]
connection = sqlite:///{folder}/keystone.db
[fernet_tokens]
key_repository = {folder}/fernet
[fernet_receipts]
key_repository = {folder}/fernet
[credential]
key_repository = {folder}/credential
"""

GLANCE = """[DEFAULT]
log_file = {folder}/glance.log
enabled_backends = files:file
user_storage_quota = {quota}
use_keystone_limits = False
worker_self_reference_url = {glance}
[glance_store]
default_backend = files
[files]
filesystem_store_datadir = {folder}/images
[os_glance_staging_store]
filesystem_store_datadir = {folder}/staging
[os_glance_tasks_store]
filesystem_store_datadir = {folder}/tasks
[database]
connection = sqlite:///{folder}/glance.db
[keystone_authtoken]
www_authenticate_uri = {keystone}
auth_url = {keystone}
auth_type = password
username = admin
password = {password}
project_name = admin
user_domain_id = default
project_domain_id = default
[paste_deploy]
flavor = keystone
config_file = {paste}
"""


def serve(name):
    """In a process of its own, with what configures it in the environment."""
    from cheroot import wsgi
    if name == 'keystone':
        from keystone.wsgi.api import application
    else:
        from glance.wsgi.api import application
    server = wsgi.Server(('127.0.0.1', int(os.environ['PORT'])), application, numthreads=8)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.start()


def free_port():
    import socket
    with socket.socket() as found:
        found.bind(('127.0.0.1', 0))
        return found.getsockname()[1]


def tool(*command):
    done = subprocess.run([os.path.join(HERE, command[0]), *command[1:]], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f'{command}: {done.stdout}{done.stderr}')


def call(url, body=None, token=None):
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None)
    request.add_header('content-type', 'application/json')
    if token:
        request.add_header('x-auth-token', token)
    with urllib.request.urlopen(request) as answer:
        return answer.headers, json.loads(answer.read())


def wait(url, child):
    while child.poll() is None:
        try:
            urllib.request.urlopen(url)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f'{url} does not answer')


def make_seed(folder):
    """Databases and keys before anybody is in them: the slow part, done once for a set of servers."""
    config = ('--config-file', f'{folder}/keystone/keystone.conf')
    user = ('--keystone-user', str(os.getuid()), '--keystone-group', str(os.getgid()))
    tool('keystone-manage', *config, 'db_sync')
    tool('keystone-manage', *config, 'fernet_setup', *user)
    tool('keystone-manage', *config, 'credential_setup', *user)
    tool('keystone-manage', *config, 'bootstrap', '--bootstrap-password', PASSWORD, '--bootstrap-region-id', 'RegionOne')
    tool('glance-manage', '--config-file', f'{folder}/glance/glance-api.conf', 'db_sync')
    fresh = f'{SEED}-{os.getpid()}'
    os.mkdir(fresh, 0o700)
    for name in SEEDED:
        shutil.move(os.path.join(folder, name), fresh)
    os.rename(fresh, SEED)


def main(folder):
    ports = {'keystone': free_port(), 'glance': free_port()}
    urls = {name: f'http://127.0.0.1:{port}' for name, port in ports.items()}
    for name in ('keystone', 'glance', 'images', 'staging', 'tasks'):
        os.makedirs(os.path.join(folder, name), mode=0o700, exist_ok=True)
    paste = os.path.join(sys.prefix, 'etc/glance/glance-api-paste.ini')
    values = {'folder': folder, 'paste': paste, 'password': PASSWORD, 'quota': 40 * 1024 * 1024, **urls}
    for name, text in (('keystone/keystone.conf', KEYSTONE), ('glance/glance-api.conf', GLANCE)):
        with open(os.path.join(folder, name), 'w') as file:
            file.write(text.format(**values))
    if not os.path.exists(SEED):
        make_seed(folder)
    for name in SEEDED:
        source = os.path.join(SEED, name)
        (shutil.copytree if os.path.isdir(source) else shutil.copy)(source, os.path.join(folder, name))
    children = []
    for name in ('keystone', 'glance'):
        env = {
            **os.environ,
            'PORT': str(ports[name]),
            f'OS_{name.upper()}_CONFIG_DIR': os.path.join(folder, name),
        }
        children.append(subprocess.Popen([sys.executable, __file__, '--serve', name], env=env, stdin=subprocess.PIPE,
                                         stdout=subprocess.DEVNULL, stderr=open(f'{folder}/{name}.err', 'w')))
        wait(urls[name], children[-1])
    make_world(urls)
    print(json.dumps(urls), flush=True)
    sys.stdin.read()
    for child in children:
        child.stdin.close()
        child.wait()


def make_world(urls):
    """A catalog, a project “web” and its member “me”, who is no administrator."""
    v3 = urls['keystone'] + '/v3'
    user = {'name': 'admin', 'domain': {'id': 'default'}, 'password': PASSWORD}
    identity = {'methods': ['password'], 'password': {'user': user}}
    scope = {'project': {'name': 'admin', 'domain': {'id': 'default'}}}
    headers, _ = call(v3 + '/auth/tokens', {'auth': {'identity': identity, 'scope': scope}})
    token = headers['x-subject-token']

    def make(what, body):
        return call(f'{v3}/{what}s', {what: body}, token)[1][what]['id']

    for kind, name in (('identity', 'keystone'), ('image', 'glance')):
        service = make('service', {'type': kind, 'name': name})
        for interface in ('public', 'internal'):
            make('endpoint', {'service_id': service, 'interface': interface, 'region': 'RegionOne', 'url': urls[name]})
    project = make('project', {'name': 'web', 'domain_id': 'default'})
    member = make('user', {'name': 'me', 'password': PASSWORD, 'domain_id': 'default'})
    roles = call(v3 + '/roles', token=token)[1]['roles']
    role = next(each['id'] for each in roles if each['name'] == 'member')
    grant = urllib.request.Request(f'{v3}/projects/{project}/users/{member}/roles/{role}', method='PUT')
    grant.add_header('x-auth-token', token)
    urllib.request.urlopen(grant)


if __name__ == '__main__':
    if sys.argv[1] == '--serve':
        name = sys.argv[2]
        # Keystone reads the command line, too.
        del sys.argv[1:]
        serve(name)
    else:
        main(sys.argv[1])

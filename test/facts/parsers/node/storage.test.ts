// Disks and container storage: what spins, how it is reached, and who mounts the overlays.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { podmanInfo, storageConf } from '../../../../src/facts/parsers/node/container-storage.ts';
import { dockerInfo } from '../../../../src/facts/parsers/node/docker.ts';
import { lsblk } from '../../../../src/facts/parsers/node/lsblk.ts';
import { sysBlock } from '../../../../src/facts/parsers/node/sys-block.ts';
import { read } from './read.ts';

const path = 'sos-1/sys/block/sda/queue/rotational';

test('a file of /sys/block tells whether its disk spins', () => {
  const { of, spans, problems } = read(sysBlock, '1\n', path);
  assert.equal(of('BlockDevice'), [{ name: 'sda', rotational: true, mountPoints: [] }]);
  assert.equal([spans('BlockDevice'), problems], [['1-1'], []]);
});

test('the scheduler of a disk and an empty file are no fact, another text is a problem', () => {
  assert.equal(read(sysBlock, '[mq-deadline] none\n', 'sos-1/sys/block/sda/queue/scheduler').facts, []);
  assert.equal(read(sysBlock, '', path).problems, []);
  assert.is(read(sysBlock, 'No such file\n', path).problems[0]?.code, 'PARSE_ERROR');
});

test('lsblk and /sys/block speak of one disk under one key, and lsblk says more', () => {
  const [listed] = read(lsblk, 'NAME="sda" ROTA="1" TYPE="disk" TRAN="sas" MOUNTPOINT=""\n').facts;
  const [filed] = read(sysBlock, '1\n', path).facts;
  assert.is(listed?.key, filed?.key);
  assert.ok(Number(listed?.version) > Number(filed?.version));
});

test('pairs of lsblk tell how a disk is reached', () => {
  const { of } = read(lsblk, 'NAME="sdb" ROTA="0" TYPE="disk" TRAN="iscsi" MOUNTPOINT="/var/lib/etcd"\n');
  assert.equal(of('BlockDevice'), [
    { name: 'sdb', type: 'disk', rotational: false, transport: 'iscsi', mountPoints: ['/var/lib/etcd'] },
  ]);
});

test('the program that mounts overlays is told by storage.conf, in its old and its new place', () => {
  const program = (text: string) => read(storageConf, text).of('ContainerStorage')[0]?.mountProgram;
  const head = '[storage]\ndriver = "overlay"\n';
  assert.is(
    program(`${head}[storage.options.overlay]\nmount_program = "/usr/bin/fuse-overlayfs"\n`),
    '/usr/bin/fuse-overlayfs',
  );
  assert.is(program(`${head}[storage.options]\nmount_program = "/bin/fo"\n`), '/bin/fo');
  assert.is(program(head), undefined);
});

test('the program that mounts overlays is told by podman info, as a map and as a list', () => {
  const head = 'store:\n  graphDriverName: overlay\n  graphRoot: /home/a/.local/share/containers/storage\n';
  const program = (text: string) => read(podmanInfo, head + text).of('ContainerStorage')[0]?.mountProgram;
  const map =
    '  graphOptions:\n    overlay.mount_program:\n      Executable: /usr/bin/fuse-overlayfs\n      Package: fuse-overlayfs-1.13\n';
  assert.is(program(map), '/usr/bin/fuse-overlayfs');
  assert.is(program('  graphOptions:\n  - overlay.mount_program=/bin/fo\n'), '/bin/fo');
  assert.is(program('  graphOptions: {}\n'), undefined);
});

test('docker tells when devicemapper runs on files', () => {
  const text =
    'Storage Driver: devicemapper\n Pool Name: docker-253:0-1\n Data file: /dev/loop0\n Data loop file: /var/lib/docker/devicemapper/devicemapper/data\nDocker Root Dir: /var/lib/docker\n';
  assert.is(read(dockerInfo, text).of('ContainerStorage')[0]?.loopback, true);
});

test.run();

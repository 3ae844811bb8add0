// Outputs of xfs_info of all ages, and its failures.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { xfsInfo } from '../../../../src/facts/parsers/node/xfs-info.ts';
import { read } from './read.ts';

const modern = `meta-data=b.img                  isize=256    agcount=4, agsize=38400 blks
         =                       sectsz=512   attr=2, projid32bit=1
         =                       crc=0        finobt=0, sparse=0, rmapbt=0
         =                       reflink=0    bigtime=0 inobtcount=0 nrext64=0
data     =                       bsize=4096   blocks=153600, imaxpct=25
         =                       sunit=0      swidth=0 blks
naming   =version 2              bsize=4096   ascii-ci=0, ftype=0
log      =internal log           bsize=4096   blocks=16384, version=2
         =                       sectsz=512   sunit=0 blks, lazy-count=1
realtime =none                   extsz=4096   blocks=0, rtextents=0
`;

test('ftype and crc are read with their lines', () => {
  const { facts } = read(xfsInfo, modern, 'sos_commands/xfs/xfs_info_.var.lib.containers');
  assert.equal(facts[0]?.value, {
    device: 'b.img',
    mountPoint: '/var/lib/containers',
    crc: 0,
    ftype: 0,
    blockBytes: 4096,
    blocks: 153600,
    sectorBytes: 512,
    reflink: 0,
    log: 'internal',
  });
  assert.equal(facts[0]?.span, [1, 10]);
  assert.equal(facts[0]?.at, { crc: [3, 3], ftype: [7, 7] });
});

test('RHEL 7 leaves the comma out', () => {
  const text =
    'meta-data=/dev/mapper/rhel-root isize=512\n         =                       crc=1        finobt=0 spinodes=0\nnaming   =version 2              bsize=4096   ascii-ci=0 ftype=1\n';
  const [value] = read(xfsInfo, text).of('XfsFilesystem');
  assert.equal([value?.device, value?.crc, value?.ftype], ['/dev/mapper/rhel-root', 1, 1]);
});

test('RHEL 6 does not know ftype, which then is absent', () => {
  const [value] = read(xfsInfo, 'meta-data=/dev/sda1  isize=256\nnaming   =version 2  bsize=4096\n').of(
    'XfsFilesystem',
  );
  assert.not.ok(Object.hasOwn(value ?? {}, 'ftype'));
  assert.not.ok(Object.hasOwn(value ?? {}, 'crc'));
});

test('several outputs in one file are several filesystems', () => {
  const two = `${modern}\n$ xfs_info /data\n${modern.replace('b.img', '/dev/sdb1').replace('ftype=0', 'ftype=1')}`;
  const { of, spans } = read(xfsInfo, two);
  assert.equal(
    of('XfsFilesystem').map(({ device, ftype }) => [device, ftype]),
    [
      ['b.img', 0],
      ['/dev/sdb1', 1],
    ],
  );
  assert.equal(spans('XfsFilesystem'), ['1-10', '13-22']);
});

test('the message of a command that failed is a collection error', () => {
  const text = 'shell-init: error retrieving current directory\n/host/var: No such file or directory\n';
  const { facts, problems } = read(xfsInfo, text);
  assert.equal(facts, []);
  assert.equal(problems, [
    { code: 'COLLECTION_ERROR', span: [2, 2], detail: 'the command failed: /host/var: No such file or directory' },
  ]);
});

test.run();

// Memory, swap, mounts, disks and the name of a machine.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { df } from '../../../../src/facts/parsers/node/df.ts';
import { fstab } from '../../../../src/facts/parsers/node/fstab.ts';
import { hostname } from '../../../../src/facts/parsers/node/hostname.ts';
import { lsblk } from '../../../../src/facts/parsers/node/lsblk.ts';
import { mounts } from '../../../../src/facts/parsers/node/mounts.ts';
import { free, procMeminfo } from '../../../../src/facts/parsers/node/node-memory.ts';
import { resolvConf } from '../../../../src/facts/parsers/node/resolv-conf.ts';
import { swapon } from '../../../../src/facts/parsers/node/swapon.ts';
import { swaps } from '../../../../src/facts/parsers/node/swaps.ts';
import { systemctlUnits } from '../../../../src/facts/parsers/node/systemctl-units.ts';
import { uname } from '../../../../src/facts/parsers/node/uname.ts';
import { uptime } from '../../../../src/facts/parsers/node/uptime.ts';
import { read } from './read.ts';

test('/proc/swaps with its header alone says that swap is off', () => {
  const header = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
  assert.equal(read(swaps, header).of('SwapState'), [{ on: false, areas: 0 }]);
  const on = read(swaps, `${header}/dev/zram0                              partition\t8388604\t\t1024\t\t100\n`);
  assert.equal(on.of('SwapState'), [{ on: true, areas: 1 }]);
  const area = { device: '/dev/zram0', type: 'partition', sizeBytes: 8589930496, usedBytes: 1048576, priority: 100 };
  assert.equal(on.of('SwapArea'), [area]);
  assert.equal(on.spans('SwapArea'), ['2-2']);
});

test('swapon counts in bytes, in words for people, or in KiB', () => {
  const size = (text: string) => read(swapon, text).of('SwapArea')[0]?.sizeBytes;
  assert.is(size('NAME       TYPE          SIZE USED PRIO\n/dev/loop0 partition 67104768    0   -2\n'), 67104768);
  assert.is(size('NAME      TYPE      SIZE USED PRIO\n/dev/dm-1 partition   8G   0B   -2\n'), 8 * 1024 ** 3);
  assert.is(size('Filename  Type  Size  Used  Priority\n/swap.img file  4194300  0  -2\n'), 4194300 * 1024);
});

test('free is read in the unit that its file or its numbers tell', () => {
  const kib =
    '              total        used        free      shared  buff/cache   available\nMem:       24684084      954904    22803876        8872     1249144    23729180\nSwap:         65532           0       65532\n';
  const [first] = read(free, kib, 'sos_commands/memory/free').of('NodeMemory');
  assert.equal(first, {
    totalBytes: 24684084 * 1024,
    freeBytes: 22803876 * 1024,
    availableBytes: 23729180 * 1024,
    swapTotalBytes: 65532 * 1024,
    swapFreeBytes: 65532 * 1024,
  });
  const mib =
    '              total        used        free\nMem:          24105         932       22269\nSwap:             0           0           0\n';
  assert.is(read(free, mib, 'sos_commands/memory/free_-m').of('NodeMemory')[0]?.totalBytes, 24105 * 1024 ** 2);
  assert.is(read(free, mib, 'free.txt').of('NodeMemory')[0]?.totalBytes, 24105 * 1024 ** 2);
  const human =
    '              total        used        free\nMem:           1.9Gi       1.0Gi       466Mi\nSwap:            0B          0B          0B\n';
  const [last] = read(free, human).of('NodeMemory');
  assert.equal([last?.totalBytes, last?.swapTotalBytes], [Math.round(1.9 * 1024 ** 3), 0]);
});

test('/proc/meminfo is preferred where free says it as well', () => {
  const [meminfo] = read(
    procMeminfo,
    'MemTotal:       1024 kB\nMemFree:         512 kB\nHugePages_Total:     4\nHugepagesize:    2048 kB\n',
  ).facts;
  const [table] = read(free, '       total  used  free\nMem:   999999  1  1\n').facts;
  assert.equal([meminfo?.key, (meminfo?.version ?? 0) > (table?.version ?? 0)], [table?.key, true]);
  assert.equal(meminfo?.value, {
    totalBytes: 1048576,
    freeBytes: 524288,
    swapTotalBytes: 0,
    swapFreeBytes: 0,
    hugePagesTotal: 4,
    hugePageBytes: 2097152,
  });
});

test('mounts read the same from each of four tables', () => {
  const expected = {
    device: '/dev/vda1',
    mountPoint: '/var/lib/containers',
    fsType: 'xfs',
    options: ['rw', 'seclabel'],
  };
  const tables = {
    proc: '/dev/vda1 /var/lib/containers xfs rw,seclabel 0 0\n',
    mount: '/dev/vda1 on /var/lib/containers type xfs (rw,seclabel) [data]\n',
    mountinfo: '47 39 8:1 / /var/lib/containers rw shared:30 - xfs /dev/vda1 rw,seclabel\n',
    findmnt:
      'TARGET                    SOURCE            FSTYPE OPTIONS\n|-/var/lib/containers     /dev/vda1[/var]   xfs    rw,seclabel\n',
  };
  for (const [name, text] of Object.entries(tables)) assert.equal(read(mounts, text).of('Mount'), [expected], name);
});

test('blanks, commas in a security context, and the word type in a mount point are kept', () => {
  const proc = 'tmpfs /mnt/a\\040b tmpfs rw,context="system_u:object_r:container_file_t:s0:c184,c371",size=1k 0 0\n';
  const [escaped] = read(mounts, proc).of('Mount');
  assert.is(escaped?.mountPoint, '/mnt/a b');
  assert.equal(escaped?.options, ['rw', 'context="system_u:object_r:container_file_t:s0:c184,c371"', 'size=1k']);
  const [odd] = read(mounts, '/dev/sr1 on /media/C type NFS type iso9660 (ro) [C type Disk]\n').of('Mount');
  assert.equal([odd?.mountPoint, odd?.fsType], ['/media/C type NFS', 'iso9660']);
});

test('a line of a thousand mounts without an end is given up at once', () => {
  const started = process.cpuUsage().user;
  for (const line of ['/dev/sda4 on / type xfs (rw,noquota)', 'a on / type b () [']) {
    assert.equal(read(mounts, `${line.repeat(400)} on\n`).of('Mount'), []);
    assert.equal(read(mounts, `${line.repeat(4000)} on\n`).of('Mount'), []);
  }
  assert.ok(process.cpuUsage().user - started < 1_000_000);
});

test('mountinfo gives the options of the filesystem with those of the mount, and one of them makes it read-only', () => {
  const text = `21 1 253:0 / / rw,relatime shared:1 - xfs /dev/vda1 rw,prjquota
22 21 0:5 / /dev rw,nosuid shared:2 master:1 - devtmpfs udev ro,mode=755
23 21 253:1 / /data rw,relatime shared:3 - ext4 /dev/vdb1
`;
  const { of, problems } = read(mounts, text, 'proc/1/mountinfo');
  assert.equal(
    of('Mount').map(({ mountPoint, options }) => [mountPoint, options]),
    [
      ['/', ['rw', 'relatime', 'prjquota']],
      ['/dev', ['ro', 'nosuid', 'mode=755']],
      ['/data', ['rw', 'relatime']],
    ],
  );
  assert.equal(problems, []);
});

test('what another process sees mounted is not what the host has', () => {
  const line = '/dev/vda1 / ext4 rw 0 0\n';
  assert.is(read(mounts, line, 'proc/1/mounts').of('Mount').length, 1);
  assert.equal(read(mounts, line, 'proc/3221/mounts').facts, []);
});

test('df reads bytes in the unit of its header, also when a line is broken after a long device', () => {
  const text = `df: '/gone': No such file or directory
Filesystem           1024-blocks    Used Available Capacity Mounted on
/dev/mapper/vg_osbase-lv_root_with_a_long_name
                        98571884 4244032  89313940       5% /
sysfs                          0       0         0        - /sys
`;
  const { of, spans } = read(df, text);
  assert.equal(of('FilesystemUsage'), [
    {
      device: '/dev/mapper/vg_osbase-lv_root_with_a_long_name',
      mountPoint: '/',
      sizeBytes: 98571884 * 1024,
      usedBytes: 4244032 * 1024,
      availableBytes: 89313940 * 1024,
      usedPercent: 5,
    },
    { device: 'sysfs', mountPoint: '/sys', sizeBytes: 0, usedBytes: 0, availableBytes: 0 },
  ]);
  assert.equal(spans('FilesystemUsage'), ['3-4', '5-5']);
  const [human] = read(
    df,
    'Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1       1.5G  1.0G  512M  67% /a b\n',
  ).of('FilesystemUsage');
  assert.equal(
    [human?.sizeBytes, human?.availableBytes, human?.mountPoint],
    [1.5 * 1024 ** 3, 512 * 1024 ** 2, '/a b'],
  );
  const [typed] = read(
    df,
    'Filesystem     Type 1K-blocks  Used Available Use% Mounted on\n/dev/sda1      xfs       1000   500       500  50% /\n',
  ).of('FilesystemUsage');
  assert.equal([typed?.device, typed?.usedPercent], ['/dev/sda1', 50]);
});

test('df -i counts inodes', () => {
  const text =
    'Filesystem      Inodes  IUsed   IFree IUse% Mounted on\n/dev/vda1      5160960 100929 5060031    2% /\n';
  const expected = {
    device: '/dev/vda1',
    mountPoint: '/',
    inodes: 5160960,
    usedInodes: 100929,
    freeInodes: 5060031,
    usedPercent: 2,
  };
  assert.equal(read(df, text).of('InodeUsage'), [expected]);
});

test('fstab entries for swap are told by their type', () => {
  const { of, spans } = read(fstab, '# comment\nUUID=1 / xfs defaults 0 0\n/swap.img\tnone\tswap\tsw,pri=1\t0\t0\n');
  assert.equal(of('FstabEntry')[1], {
    device: '/swap.img',
    mountPoint: 'none',
    fsType: 'swap',
    options: ['sw', 'pri=1'],
  });
  assert.equal(spans('FstabEntry'), ['2-2', '3-3']);
});

test('lsblk finds the same disk in a tree and in pairs', () => {
  const tree = `NAME        MAJ:MIN RM  SIZE RO TYPE MOUNTPOINT
sda           8:0    0   20G  0 disk
├─sda1        8:1    0    1G  0 part /boot
└─rhel-root 253:0    0   17G  0 lvm  /
`;
  const { of } = read(lsblk, tree);
  assert.equal(
    of('BlockDevice').map(({ name, type, mountPoints }) => [name, type, mountPoints]),
    [
      ['sda', 'disk', []],
      ['sda1', 'part', ['/boot']],
      ['rhel-root', 'lvm', ['/']],
    ],
  );
  const pairs = 'NAME="sda1" KNAME="sda1" SIZE="1G" RO="0" ROTA="1" TYPE="part" FSTYPE="xfs" MOUNTPOINT="/boot"\n';
  const expected = {
    name: 'sda1',
    type: 'part',
    sizeBytes: 1024 ** 3,
    fsType: 'xfs',
    readOnly: false,
    rotational: true,
    mountPoints: ['/boot'],
  };
  assert.equal(read(lsblk, pairs).of('BlockDevice'), [expected]);
});

test('lsblk keeps mount points that stand between other columns, and those on lines of their own', () => {
  const between = `NAME            MAJ:MIN RM  SIZE RO TYPE MOUNTPOINT   KNAME   RA MODEL
sda               8:0    0   20G  0 disk              sda   4096 VMware Virtual S
├─sda1            8:1    0    1G  0 part /my boot     sda1  4096
`;
  const several = `NAME   MAJ:MIN RM   SIZE RO TYPE MOUNTPOINTS
sda      8:0    0   127G  0 disk
└─sda4   8:4    0 126.5G  0 part /var
                                 /sysroot
sr0     11:0    1  1024M  0 rom
`;
  const points = (text: string) =>
    read(lsblk, text)
      .of('BlockDevice')
      .map(({ name, mountPoints }) => [name, mountPoints]);
  assert.equal(points(between), [
    ['sda', []],
    ['sda1', ['/my boot']],
  ]);
  assert.equal(points(several), [
    ['sda', []],
    ['sda4', ['/var', '/sysroot']],
    ['sr0', []],
  ]);
  assert.equal(read(lsblk, several).spans('BlockDevice'), ['2-2', '3-4', '5-5']);
});

test('the kernel has its version as numbers, and says when it is built for real time', () => {
  const [plain] = read(uname, 'Linux w1 5.14.0-284.el9.x86_64 #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux\n').of(
    'KernelVersion',
  );
  assert.equal([plain?.major, plain?.minor, plain?.patch, plain?.realTime], [5, 14, 0, false]);
  const [real] = read(uname, 'Linux w1 4.18.0-305.rt7.96.el8.x86_64 #1 SMP PREEMPT_RT x86_64 GNU/Linux\n').of(
    'KernelVersion',
  );
  assert.is(real?.realTime, true);
  assert.is(read(uname, '6.1.0-18-amd64\n').of('KernelVersion')[0]?.major, 6);
});

test('uptime is seconds, whichever way it is said', () => {
  const seconds = (text: string) => read(uptime, text).of('Uptime')[0]?.seconds;
  assert.is(
    seconds(' 11:35:30 up 20 days, 23:13,  4 users,  load average: 3.01, 2.90, 2.75\n'),
    ((20 * 24 + 23) * 60 + 13) * 60,
  );
  assert.is(seconds(' 19:23:40 up 25 min,  1 user,  load average: 0.83, 0.73, 0.76\n'), 1500);
  assert.is(seconds(' 19:23:40 up 1 day, 5 min,  0 users,  load average: 0.83, 0.73, 0.76\n'), 86700);
  assert.is(seconds('350735.47 234388.90\n'), 350735);
});

test('a host name may come alone or from hostnamectl', () => {
  const ctl =
    '   Static hostname: localhost\nTransient hostname: worker-1.example.com\n         Icon name: computer-vm\n';
  assert.equal(read(hostname, 'worker-1\n').of('Hostname'), [{ name: 'worker-1' }]);
  assert.equal(read(hostname, ctl).of('Hostname'), [{ name: 'worker-1.example.com' }]);
  assert.equal(read(hostname, ctl).spans('Hostname'), ['2-2']);
  assert.is(read(hostname, 'hostname: command not found\n').problems[0]?.code, 'COLLECTION_ERROR');
});

test('the last search line of resolv.conf counts, and options may have values', () => {
  const text =
    '; made by NetworkManager\nsearch a.example\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nsearch b.example c.example\noptions ndots:5 rotate\n';
  const expected = {
    nameservers: ['10.0.0.2', '10.0.0.3'],
    search: ['b.example', 'c.example'],
    options: { ndots: '5', rotate: '' },
  };
  assert.equal(read(resolvConf, text).of('ResolvConf'), [expected]);
  assert.equal(read(resolvConf, text).spans('ResolvConf'), ['2-6']);
});

test('a list of failed units that is empty is no problem', () => {
  const { facts, problems } = read(systemctlUnits, '  UNIT LOAD ACTIVE SUB DESCRIPTION\n0 loaded units listed.\n');
  assert.equal([facts, problems], [[], []]);
  const failed = read(
    systemctlUnits,
    '  UNIT            LOAD   ACTIVE SUB    DESCRIPTION\n* kubelet.service loaded failed failed Kubernetes Kubelet\n\n1 loaded units listed.\n',
  );
  assert.equal(failed.of('SystemdUnit'), [
    { name: 'kubelet.service', load: 'loaded', active: 'failed', sub: 'failed' },
  ]);
});

test('words where numbers should be are left out, in whatever order the lines stand', () => {
  const [area] = read(swapon, 'NAME TYPE SIZE USED PRIO\n/swap file 1G 0B high\n').of('SwapArea');
  assert.is(area?.priority, 0);
  const [up] = read(uptime, ' 10:02:48 up 5 min, load average: ,/,\n').of('Uptime');
  assert.equal(up, { seconds: 300 });
  const upside = read(free, 'Mem: 16384 1 2\n              total used free\n');
  assert.equal(upside.spans('NodeMemory'), ['1-2']);
});

test.run();

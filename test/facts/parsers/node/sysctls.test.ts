// Kernel settings, live and on disk, and the one spelling of their names.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { procSysFile, sysctl, sysctlConf, sysctlName } from '../../../../src/facts/parsers/node/sysctls.ts';
import { read } from './read.ts';

test('tabs between the parts of a value become one space', () => {
  const { of, spans } = read(sysctl, 'kernel.sem = 32000\t1024000000\t500\t32000\n');
  const values = ['32000', '1024000000', '500', '32000'];
  assert.equal(of('Sysctl'), [{ name: 'kernel.sem', value: '32000 1024000000 500 32000', values, origin: 'live' }]);
  assert.equal(spans('Sysctl'), ['1-1']);
});

test('an empty value stays a setting, and lines of the tool itself are skipped', () => {
  const text =
    'sysctl: permission denied on key \'fs.protected_hardlinks\'\nnet.ipv4.ip_local_reserved_ports = \nsysctl: reading key "x"\n';
  const { of, spans, problems } = read(sysctl, text);
  assert.equal(of('Sysctl'), [{ name: 'net.ipv4.ip_local_reserved_ports', value: '', values: [], origin: 'live' }]);
  assert.equal(spans('Sysctl'), ['2-2']);
  assert.equal(problems, []);
});

test('a key printed again and again is one value of several lines', () => {
  const text =
    'dev.cdrom.info = CD-ROM information\ndev.cdrom.info = \ndev.cdrom.info = drive name:\tsr0\nvm.swappiness = 60\n';
  const { of, spans } = read(sysctl, text);
  assert.equal(
    of('Sysctl').map(({ value }) => value),
    ['CD-ROM information drive name: sr0', '60'],
  );
  assert.equal(spans('Sysctl'), ['1-3', '4-4']);
});

test('an interface with a dot in its name is one part, however it was written', () => {
  const name = 'net.ipv4.conf.eth0/1.rp_filter';
  assert.is(sysctlName('net.ipv4.conf.eth0/1.rp_filter'), name);
  assert.is(sysctlName('net/ipv4/conf/eth0.1/rp_filter'), name);
  assert.is(sysctlName('net.ipv4.conf.eth0.1.rp_filter'), name);
  assert.is(sysctlName('net.ipv4.conf.all.rp_filter'), 'net.ipv4.conf.all.rp_filter');
  assert.is(sysctlName('kernel/shm_rmid_forced'), 'kernel.shm_rmid_forced');
});

test('a file of /proc/sys has the key of its path, or of its label', () => {
  assert.equal(read(procSysFile, '4 4\t1 7\n', 'sos/proc/sys/kernel/printk').of('Sysctl')[0]?.name, 'kernel.printk');
  const labelled = read(procSysFile, '0\n', 'rp_filter', { key: 'net/ipv4/conf/eth0.1/rp_filter' });
  assert.equal(labelled.of('Sysctl')[0]?.name, 'net.ipv4.conf.eth0/1.rp_filter');
});

test('both readings of a live setting have one key, so that one of them is kept', () => {
  const [a] = read(sysctl, 'kernel.pid_max = 4194304\n').facts;
  const [b] = read(procSysFile, '4194304\n', 'proc/sys/kernel/pid_max').facts;
  assert.ok(a?.key);
  assert.is(a?.key, b?.key);
});

test('a configuration file may leave blanks out, ignore errors with a dash, and comment in two ways', () => {
  const text = '# kernel.a = 1\n; kernel.b = 1\nkernel.panic=10\n -kernel.panic_on_oops = 1\n\n';
  const { of, spans } = read(sysctlConf, text, 'etc/sysctl.d/90-kubelet.conf');
  assert.equal(
    of('Sysctl').map(({ name, value, file }) => [name, value, file]),
    [
      ['kernel.panic', '10', '90-kubelet.conf'],
      ['kernel.panic_on_oops', '1', '90-kubelet.conf'],
    ],
  );
  assert.equal(spans('Sysctl'), ['3-3', '4-4']);
});

test('a configuration file tells its folder, and the place of each of its settings', () => {
  const text = 'vm.swappiness = 10\n# again\nvm.swappiness = 1\n';
  const orders = (path: string) =>
    read(sysctlConf, text, path)
      .of('Sysctl')
      .map(({ folder, position }) => [folder, position]);
  assert.equal(orders('sos-1/usr/lib/sysctl.d/50-default.conf'), [
    ['usr/lib', 1],
    ['usr/lib', 2],
  ]);
  assert.equal(orders('sos-1/etc/sysctl.conf')[0], ['etc', 1]);
  assert.equal(orders('sos-1/etc/ufw/sysctl.conf')[0], [undefined, 1]);
});

test('a configuration file of comments alone has nothing to say and nothing wrong', () => {
  const { facts, problems } = read(
    sysctlConf,
    '# sysctl settings are defined through files in\n# /usr/lib/sysctl.d/\n',
  );
  assert.equal([facts, problems], [[], []]);
});

test.run();

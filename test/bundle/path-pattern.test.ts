// Path patterns: what they match, what they capture, where the root ends, and how a wrong one is told.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { indexPatterns } from '../../src/bundle/path-index.ts';
import { compilePattern, PatternError, spellOut } from '../../src/bundle/path-pattern.ts';

const match = (pattern: string, path: string, under: string[] = []) => {
  const found = compilePattern(pattern, under).match(path);
  return found && { root: found.root, ...found.labels };
};

test('a pattern matches the end of a path, and what precedes it is the root', () => {
  assert.equal(match('proc/swaps', 'proc/swaps'), { root: '' });
  assert.equal(match('proc/swaps', 'a/b/proc/swaps'), { root: 'a/b' });
  assert.is(match('proc/swaps', 'a/myproc/swaps'), undefined);
  assert.is(match('proc/swaps', 'proc/swaps/more'), undefined);
});

test('a step into an archive inside acts like a folder', () => {
  assert.equal(match('nodes/{node}/sysinfo.tgz/proc/cmdline', 'mg/nodes/w1/sysinfo.tgz!proc/cmdline'), {
    root: 'mg',
    node: 'w1',
  });
  assert.equal(match('proc/cmdline', 'nodes/w1/sysinfo.tgz!proc/cmdline'), { root: 'nodes/w1/sysinfo.tgz' });
});

test('the shortest root is taken', () => {
  assert.equal(match('namespaces/**/*.yaml', 'mg/namespaces/all/namespaces/shop/core/pods.yaml'), { root: 'mg' });
});

test('a label used twice must be the same text', () => {
  const pattern = 'pods/{pod}/{container}/{container}/logs/{log:current,previous}.log';
  assert.equal(match(pattern, 'pods/web-0/api/api/logs/previous.log'), {
    root: '',
    pod: 'web-0',
    container: 'api',
    log: 'previous',
  });
  assert.is(match(pattern, 'pods/web-0/api/db/logs/previous.log'), undefined);
  assert.is(match(pattern, 'pods/web-0/api/api/logs/previous.insecure.log'), undefined);
});

test('labels in one name are told apart by what stands between them', () => {
  assert.equal(match('pods/{namespace}_{pod}_{uid}/{n}.log', 'pods/kube-system_etcd-cp_dd13/0.log'), {
    root: '',
    namespace: 'kube-system',
    pod: 'etcd-cp',
    uid: 'dd13',
    n: '0',
  });
  assert.equal(match('{pod}_{namespace}_{container}-{id}.log', 'kindnet-2b_kube-system_kindnet-cni-28164.log'), {
    root: '',
    pod: 'kindnet-2b',
    namespace: 'kube-system',
    container: 'kindnet-cni',
    id: '28164',
  });
  assert.equal(match('xfs_info_{mount}{,.txt}', 'd/xfs_info_.var.lib.txt'), { root: 'd', mount: '.var.lib' });
});

test('{label*} captures any number of folders, at the end at least one', () => {
  assert.equal(match('proc/sys/{key*}', 'x/proc/sys/net/ipv4/ip_forward'), { root: 'x', key: 'net/ipv4/ip_forward' });
  assert.is(match('proc/sys/{key*}', 'x/proc/sys'), undefined);
  const pattern = 'sys/fs/cgroup/{cgroup*}/{file:cpu.max,cpu.weight}';
  assert.equal(match(pattern, 'sys/fs/cgroup/kubepods.slice/a.scope/cpu.max'), {
    root: '',
    cgroup: 'kubepods.slice/a.scope',
    file: 'cpu.max',
  });
  assert.equal(match(pattern, 'sys/fs/cgroup/cpu.weight'), { root: '', cgroup: '', file: 'cpu.weight' });
});

test('a choice may be empty, may hold * and, spelt out, /', () => {
  assert.ok(match('var/log/{messages,syslog}{,-*}', 'var/log/messages-20240101'));
  assert.is(match('var/log/{messages,syslog}{,-*}', 'var/log/message'), undefined);
  assert.equal(spellOut('{etc,usr/lib}/{a,b/c}.d/*'), ['etc/a.d/*', 'etc/b/c.d/*', 'usr/lib/a.d/*', 'usr/lib/b/c.d/*']);
  assert.equal(spellOut('{node:a,b}/{a,b}'), ['{node:a,b}/{a,b}']);
});

test('`under` says in which folder the root must end', () => {
  const under = ['', '*-sha256-*'];
  assert.equal(match('version', 'version', under), { root: '' });
  assert.equal(match('version', 'a.tar.gz!version', under), { root: 'a.tar.gz' });
  assert.equal(match('version', 'mg/quay-io-x-sha256-12/version', under), { root: 'mg/quay-io-x-sha256-12' });
  assert.is(match('version', 'mg/config/version', under), undefined);
});

test('odd names do no harm', () => {
  assert.equal(match('namespaces/{namespace}/a.yaml', 'x\ny/namespaces/(a+)+$/a.yaml'), {
    root: 'x\ny',
    namespace: '(a+)+$',
  });
  assert.ok(match('a.b/c+d', 'a.b/c+d'));
  assert.is(match('a.b/c+d', 'aXb/c+d'), undefined);
});

test('what is wrong with a pattern is told with its place', () => {
  const wrong: [string, number, RegExp][] = [
    ['a//b', 2, /empty folder/],
    ['/a', 0, /empty folder/],
    ['a/{b', 2, /without its partner/],
    ['a/{b c}', 2, /neither/],
    ['a/**', 4, /ends in a file name/],
    ['a/x**', 3, /stands alone/],
  ];
  for (const [text, at, message] of wrong) {
    try {
      compilePattern(text);
      assert.unreachable(text);
    } catch (error) {
      assert.instance(error, PatternError);
      assert.is((error as PatternError).at, at, text);
      assert.match((error as PatternError).message, message);
    }
  }
});

const index = indexPatterns(
  ['proc/swaps', 'nodes/{node}/**/*', 'xfs_info_{mount}', '{a,b}/{file}', '{name}.gz'].map((text) => ({
    pattern: compilePattern(text),
    value: text,
  })),
);

test('the index finds by file name, by folder, by the start of a name, and by the rest', () => {
  assert.is(index.find('x/proc/swaps')?.value, 'proc/swaps');
  assert.is(index.find('x/nodes/w1/deep/down/file')?.value, 'nodes/{node}/**/*');
  assert.is(index.find('xfs_info_.var')?.value, 'xfs_info_{mount}');
  assert.is(index.find('x/b/anything')?.value, '{a,b}/{file}');
  assert.is(index.find('x/c/anything'), undefined);
});

test('the first of several that match is found', () => {
  assert.is(index.find('nodes/w1/proc/swaps')?.value, 'proc/swaps');
  assert.is(index.find('nodes/w1/xfs_info_.var')?.value, 'nodes/{node}/**/*');
});

test('a compression suffix is left out, unless only the whole name matches', () => {
  assert.equal(index.find('xfs_info_.var.xz')?.labels, { mount: '.var' });
  assert.equal(index.find('other.gz')?.labels, { name: 'other' });
});

test('what macOS puts beside a file is no source', () => {
  assert.is(index.find('proc/._swaps'), undefined);
  assert.is(index.find('a/._file'), undefined);
});

test.run();

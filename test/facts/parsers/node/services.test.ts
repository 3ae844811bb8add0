// Clocks, cloud-init and etcd.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { chronycSources, chronycTracking, timedatectl } from '../../../../src/facts/parsers/node/clock.ts';
import { cloudInitResult, cloudInitStatus, dsIdentifyLog } from '../../../../src/facts/parsers/node/cloud-init.ts';
import {
  etcdAlarmList,
  etcdEndpointHealth,
  etcdEndpointStatus,
  etcdMemberList,
} from '../../../../src/facts/parsers/node/etcd.ts';
import { read } from './read.ts';

test('chrony tells whether and how far the clock is off', () => {
  const text =
    'Reference ID    : 0A000001 (ntp.example.com)\nStratum         : 3\nSystem time     : 0.250000000 seconds slow of NTP time\nLeap status     : Normal\n';
  const { facts } = read(chronycTracking, text);
  assert.equal(facts[0]?.value, {
    from: 'chronyc',
    synchronized: true,
    stratum: 3,
    leapStatus: 'Normal',
    offsetSeconds: -0.25,
    reference: 'ntp.example.com',
  });
  assert.equal(facts[0]?.at?.leapStatus, [4, 4]);
  const lost =
    'Reference ID    : 00000000 ()\nStratum         : 0\nSystem time     : 0.000000000 seconds fast of NTP time\nLeap status     : Not synchronised\n';
  const [off] = read(chronycTracking, lost).of('ClockSync');
  assert.equal([off?.synchronized, off?.stratum, off?.reference], [false, 0, undefined]);
  assert.is(read(chronycTracking, '506 Cannot talk to daemon\n').facts.length, 0);
});

test('sources of chrony have a mode, a state, and the polls that were answered', () => {
  const text =
    '210 Number of sources = 2\nMS Name/IP address         Stratum Poll Reach LastRx Last sample\n====\n^* 10.0.0.1                      2   6   377    34   +11us[ +13us] +/-   12ms\n=x fd00::1                       0   6     0     -     +0ns[   +0ns] +/-    0ns\n';
  assert.equal(read(chronycSources, text).of('ClockSource'), [
    { name: '10.0.0.1', mode: 'server', state: 'selected', stratum: 2, reach: 255 },
    { name: 'fd00::1', mode: 'peer', state: 'falseticker', stratum: 0, reach: 0 },
  ]);
  assert.equal(read(chronycSources, '210 Number of sources = 0\n').problems, []);
});

test('timedatectl of RHEL 7 uses other words', () => {
  const old = '      Local time: Wed 2019-10-02 02:55:42 UTC\n     NTP enabled: yes\nNTP synchronized: no\n';
  const { of, spans } = read(timedatectl, old);
  assert.equal(of('ClockSync'), [{ from: 'timedatectl', synchronized: false, serviceActive: true }]);
  assert.equal(spans('ClockSync'), ['3-3']);
});

test('errors of cloud-init are found in both of its files', () => {
  const [result] = read(cloudInitResult, '{"v1": {"datasource": "DataSourceNone", "errors": ["no network"]}}').of(
    'CloudInit',
  );
  assert.equal([result?.from, result?.datasource, result?.errors], ['result', 'DataSourceNone', ['no network']]);
  const stages = {
    stage: null,
    datasource: 'DataSourceEc2',
    init: { errors: [], recoverable_errors: { WARNING: ['odd key'] } },
    'modules-final': { errors: ['script failed'] },
  };
  const [status] = read(cloudInitStatus, JSON.stringify({ v1: stages })).of('CloudInit');
  assert.equal(
    [status?.from, status?.errors, status?.recoverableErrors],
    ['status', ['script failed'], ['WARNING: odd key']],
  );
  assert.equal(status?.stages, { init: [], 'modules-final': ['script failed'] });
});

test('the command says a status, with or without details', () => {
  assert.equal(read(cloudInitStatus, 'status: done\n').of('CloudInit')[0]?.status, 'done');
  const long =
    'status: error\nextended_status: error - done\ndetail:\nDataSourceNoCloud [seed=/dev/sr0]\nerrors:\n  - script failed\nrecoverable_errors: {}\n';
  const [found] = read(cloudInitStatus, long).of('CloudInit');
  assert.equal(
    [found?.status, found?.datasource, found?.errors],
    ['error - done', 'DataSourceNoCloud [seed=/dev/sr0]', ['script failed']],
  );
});

test('ds-identify names the datasource, or says that there is none', () => {
  const found = read(
    dsIdentifyLog,
    '[up 3.80s] ds-identify\nFound single datasource: OpenStack\n[up 3.90s] returning 0\n',
  );
  assert.equal([found.of('CloudInit')[0]?.datasource, found.spans('CloudInit')], ['OpenStack', ['2-2']]);
  const none = read(
    dsIdentifyLog,
    '[up 1.0s] ds-identify\nNo ds found [mode=search, notfound=disabled]. Disabled cloud-init [1]\n',
  );
  assert.equal([none.of('CloudInit')[0]?.status, none.of('CloudInit')[0]?.datasource], ['disabled', undefined]);
});

test('ids of etcd members keep every digit', () => {
  const header = { cluster_id: 0, member_id: 0 };
  const text = JSON.stringify([
    {
      Endpoint: 'https://10.0.0.1:2379',
      Status: {
        header,
        version: '3.5.9',
        dbSize: 115855360,
        dbSizeInUse: 63631360,
        leader: 0,
        raftTerm: 8,
        raftIndex: 47279,
        raftAppliedIndex: 47270,
      },
    },
  ])
    .replace('"member_id":0', '"member_id":13518803987065864191')
    .replace('"leader":0', '"leader":13518803987065864191');
  const [member] = read(etcdEndpointStatus, text).of('EtcdEndpoint');
  assert.equal(
    [member?.memberId, member?.leaderId, member?.leads],
    ['13518803987065864191', '13518803987065864191', true],
  );
  assert.equal(
    [member?.dbSizeBytes, member?.dbSizeInUseBytes, member?.raftIndex, member?.raftAppliedIndex],
    [115855360, 63631360, 47279, 47270],
  );
  const list =
    '{"members":[{"ID":9372538179322589801,"name":"","peerURLs":["https://10.0.0.2:2380"],"isLearner":true}]}';
  assert.equal(read(etcdMemberList, list).of('EtcdMember'), [
    { id: '9372538179322589801', name: '', peerUrls: ['https://10.0.0.2:2380'], clientUrls: [], isLearner: true },
  ]);
});

test('health has a time, and no alarm is no problem', () => {
  const text =
    '[{"endpoint":"https://10.0.0.1:2379","health":true,"took":"22.086528ms"},{"endpoint":"unixs://10.0.0.1:0","health":false,"took":"1m5.000316276s","error":"context deadline exceeded"}]';
  assert.equal(read(etcdEndpointHealth, text).of('EtcdHealth'), [
    { endpoint: 'https://10.0.0.1:2379', healthy: true, tookMillis: 22 },
    { endpoint: 'unixs://10.0.0.1:0', healthy: false, tookMillis: 65000, error: 'context deadline exceeded' },
  ]);
  assert.equal(read(etcdEndpointHealth, '[{"endpoint":"a","health":true,"took":".s"}]').of('EtcdHealth'), [
    { endpoint: 'a', healthy: true },
  ]);
  assert.equal([read(etcdAlarmList, '{}').facts, read(etcdAlarmList, '{}').problems], [[], []]);
  assert.equal(read(etcdAlarmList, '{"alarms":[{"memberID":9372538179322589801,"alarm":1}]}').of('EtcdAlarm'), [
    { memberId: '9372538179322589801', alarm: 'NOSPACE' },
  ]);
});

test('JSON of etcd that is cut off, or was never written, is a problem', () => {
  assert.is(read(etcdMemberList, '{"members":[{"ID":9372').problems[0]?.code, 'FILE_TRUNCATED');
  assert.is(read(etcdMemberList, 'Error: context deadline exceeded\n').problems[0]?.code, 'COLLECTION_ERROR');
});

test('JSON of etcdctl that is cut keeps its whole entries', () => {
  const text = '[{"endpoint":"a","health":true,"took":"1ms"},{"endpoint":"b","health":fal';
  const { of, problems } = read(etcdEndpointHealth, text);
  assert.equal(of('EtcdHealth'), [{ endpoint: 'a', healthy: true, tookMillis: 1 }]);
  assert.equal(problems[0]?.code, 'FILE_TRUNCATED');
  assert.equal(read(etcdMemberList, '{"members":[{"ID":1},{"ID').problems[0]?.code, 'FILE_TRUNCATED');
  assert.equal(read(etcdAlarmList, '{"alarms":[').problems[0]?.code, 'FILE_TRUNCATED');
});

test('a stratum that is no number counts as none, and such an offset is absent', () => {
  const text = 'Stratum : x\nSystem time : . seconds fast\nLeap status : Normal\n';
  const [clock] = read(chronycTracking, text).of('ClockSync');
  assert.equal([clock?.stratum, clock?.offsetSeconds], [0, undefined]);
});

test.run();

// What a must-gather asks of etcd and of the alerts, in JSON.

import type { Cluster } from './cluster.ts';
import { gathered } from './pods.ts';

/** By path under the gathered folder. */
export function etcdFiles({ masters }: Cluster): readonly (readonly [path: string, text: string])[] {
  const ids = masters.map((_, at) => 3_513_545_598_572 + at);
  const header = { cluster_id: 104_058_909_322, member_id: ids[0], raft_term: 8 };
  const urls = masters.map((node) => `https://${node.address}:2379`);
  const status = masters.map((_, at) => ({
    Endpoint: urls[at],
    Status: {
      header: { ...header, member_id: ids[at], revision: 42_542 },
      version: '3.5.18',
      dbSize: 515_855_360,
      leader: ids[0],
      raftIndex: 47_279,
      raftTerm: 8,
      raftAppliedIndex: 47_279,
      dbSizeInUse: 463_631_360,
    },
  }));
  const members = masters.map((node, at) => ({
    ID: ids[at],
    name: node.name,
    peerURLs: [`https://${node.address}:2380`],
    clientURLs: [urls[at]],
  }));
  return [
    ['etcd_info/alarm_list.json', JSON.stringify({ header })],
    [
      'etcd_info/endpoint_health.json',
      JSON.stringify(urls.map((endpoint) => ({ endpoint, health: true, took: '12.086528ms' }))),
    ],
    ['etcd_info/endpoint_status.json', JSON.stringify(status)],
    ['etcd_info/member_list.json', JSON.stringify({ header, members })],
  ];
}

export function alertRules(): string {
  const rules = Array.from({ length: 300 }, (_, at) => ({
    state: 'inactive',
    name: `OperandNotReady${at}`,
    query: `operand_ready{job="operand-${at}"} == 0`,
    duration: 300,
    labels: { severity: 'warning' },
    annotations: { summary: `Operand ${at} has not been ready for five minutes.` },
    alerts: [],
    health: 'ok',
    evaluationTime: 0.000467538,
    lastEvaluation: gathered,
    type: 'alerting',
  }));
  return JSON.stringify({
    status: 'success',
    data: { groups: [{ name: 'operands', file: '/etc/prometheus/rules/operands.yaml', rules, interval: 30 }] },
  });
}

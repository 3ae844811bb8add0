// A router between two network namespaces: makes them, loads rules, sends one packet, and reads what the kernel traced.

import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type SentPacket, wiring } from './random-rules.ts';

export interface Router {
  /** What iptables-save prints once the rules are loaded; throws what iptables-restore complains of. */
  load(rules: string): string;
  /** What `ip -d address` prints. */
  readonly addresses: string;
  send(packet: SentPacket, id: number): Promise<void>;
  /** Lines of TRACE since the last call. */
  traced(): readonly string[];
  remove(): void;
}

/** Sends packets as they are written: source and all. */
const sender = `
import socket, struct, sys
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
def checksum(b):
    b += b'\\0' * (len(b) % 2)
    t = sum(struct.unpack('!%dH' % (len(b) // 2), b))
    while t >> 16: t = (t & 0xffff) + (t >> 16)
    return ~t & 0xffff
for line in sys.stdin:
    number, protocol, source, destination, sport, dport = line.split()
    a, b, p = socket.inet_aton(source), socket.inet_aton(destination), 6 if protocol == 'tcp' else 17
    def segment(c):
        if p == 6: return struct.pack('!HHIIBBHHH', int(sport), int(dport), 1, 0, 0x50, 2, 1024, c, 0)
        return struct.pack('!HHHH', int(sport), int(dport), 8, c)
    plain = segment(0)
    data = segment(checksum(a + b + struct.pack('!BBH', 0, p, len(plain)) + plain))
    head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(data), int(number), 0, 64, p, 0, a, b)
    try: s.sendto(head + data, (destination, 0)); print('sent')
    except OSError as e: print(e.strerror)
    sys.stdout.flush()
`;

function run(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8' });
  if (error || status !== 0) throw new Error(`${[command, ...args].join(' ')}: ${error?.message ?? stderr.trim()}`);
  return stdout;
}

const everyNamespace = '/proc/sys/net/netfilter/nf_log_all_netns';

/** Why this machine cannot do it, or nothing. */
export function missingOnThisMachine(): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root';
  for (const tool of ['ip', 'iptables-legacy-restore', 'iptables-legacy-save', 'python3']) {
    if (spawnSync(tool, ['--version']).error && spawnSync(tool, ['-V']).error) return `${tool} is not installed`;
  }
  const probe = `drydock-probe-${process.pid}`;
  try {
    run('ip', ['netns', 'add', probe]);
    run('ip', ['netns', 'exec', probe, 'iptables-legacy-restore'], '*raw\n-A OUTPUT -j TRACE\nCOMMIT\n');
    readFileSync(everyNamespace);
    closeSync(openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK));
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  } finally {
    spawnSync('ip', ['netns', 'del', probe]);
  }
  return undefined;
}

export function openRouter(): Router {
  const name = (role: string) => `drydock-${role}-${process.pid}`;
  const roles = ['client', 'router', 'server'];
  const inside = (role: string, ...words: string[]) => run('ip', ['netns', 'exec', name(role), ...words]);
  const logged = readFileSync(everyNamespace, 'utf8');
  const senders = new Map<string, { child: ChildProcessWithoutNullStreams; lines: AsyncIterator<string> }>();
  const remove = () => {
    for (const { child } of senders.values()) child.kill();
    writeFileSync(everyNamespace, logged);
    for (const role of roles) spawnSync('ip', ['netns', 'del', name(role)]);
  };
  try {
    writeFileSync(everyNamespace, '1');
    for (const role of roles) run('ip', ['netns', 'add', name(role)]);
    const hardware = (at: number) => `02:00:00:00:00:0${at}`;
    const wire = (role: string, device: string, at: number, addresses: readonly string[], gateway: string) => {
      const peer = ['peer', 'name', device, 'netns', name('router'), 'address', hardware(at + 1)];
      const end = ['eth0', 'netns', name(role), 'address', hardware(at), 'type', 'veth'];
      run('ip', ['link', 'add', ...end, ...peer]);
      for (const each of addresses) {
        inside(role, 'ip', 'address', 'add', `${each}/24`, 'dev', 'eth0');
        inside('router', 'ip', 'neigh', 'replace', each, 'lladdr', hardware(at), 'dev', device);
      }
      inside(role, 'ip', 'link', 'set', 'eth0', 'up');
      inside(role, 'ip', 'neigh', 'replace', gateway, 'lladdr', hardware(at + 1), 'dev', 'eth0');
      inside(role, 'ip', 'route', 'add', 'default', 'via', gateway);
      // Nobody answers: an answer would be one more packet.
      if (role === 'server')
        run('ip', ['netns', 'exec', name(role), 'iptables-legacy-restore'], '*raw\n-A PREROUTING -j DROP\nCOMMIT\n');
    };
    const { left, right, router, client, server } = wiring;
    for (const each of ['all', 'default']) inside('router', 'sysctl', '-qw', `net.ipv4.conf.${each}.rp_filter=0`);
    wire('client', left, 1, client, router.left);
    wire('server', right, 3, server, router.right);
    for (const device of ['lo', left, right]) inside('router', 'ip', 'link', 'set', device, 'up');
    inside('router', 'ip', 'address', 'add', `${router.left}/24`, 'dev', left);
    for (const each of [router.right, router.extra])
      inside('router', 'ip', 'address', 'add', `${each}/24`, 'dev', right);
    wireNeighbours(inside);
    inside('router', 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.netfilter.nf_log.2=nf_log_ipv4');
    inside('router', 'ip', 'route', 'add', 'default', 'via', server[0]);
    for (const role of ['client', 'router']) {
      const child = spawn('ip', ['netns', 'exec', name(role), 'python3', '-c', sender]);
      senders.set(role, { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() });
    }
  } catch (error) {
    remove();
    throw error;
  }
  const traced = traceReader();
  traced();
  return {
    addresses: inside('router', 'ip', '-d', 'address'),
    load(rules) {
      run('ip', ['netns', 'exec', name('router'), 'iptables-legacy-restore'], rules);
      return inside('router', 'iptables-legacy-save');
    },
    async send({ from, protocol, source, destination, sourcePort, destinationPort }, id) {
      const { child, lines } = senders.get(from)!;
      child.stdin.write(`${id} ${protocol} ${source} ${destination} ${sourcePort} ${destinationPort}\n`);
      await lines.next();
    },
    traced,
    remove,
  };
}

/** Neighbours set before the devices are up are lost. */
function wireNeighbours(inside: (role: string, ...words: string[]) => string): void {
  const { left, right, client, server } = wiring;
  for (const each of client)
    inside('router', 'ip', 'neigh', 'replace', each, 'lladdr', '02:00:00:00:00:01', 'dev', left);
  for (const each of server)
    inside('router', 'ip', 'neigh', 'replace', each, 'lladdr', '02:00:00:00:00:03', 'dev', right);
}

/** One record of the kernel's log for each read. */
function traceReader(): () => readonly string[] {
  const file = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(8192);
  return () => {
    const found: string[] = [];
    for (;;) {
      try {
        const text = buffer.toString('utf8', 0, readSync(file, buffer));
        const at = text.indexOf('TRACE: ');
        if (at >= 0) found.push(text.slice(at + 'TRACE: '.length).split('\n')[0]!);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EAGAIN') return found;
        // Records were overwritten before they were read: the next read goes on with the oldest there is.
        if (code !== 'EPIPE') throw error;
      }
    }
  };
}

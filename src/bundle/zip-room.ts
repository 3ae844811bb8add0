// How far the data of each member of a zip may reach: no byte of the file is read for two of them.

import { type Access, type Directory, membersOf } from './zip-directory.ts';
import { localBytes, mark, type ZipMember } from './zip-record.ts';

/** By the place of a member in the directory. Where its room ends before it begins, another lies at its place. */
export type Rooms = (index: number, member: ZipMember) => number;

/**
 * Members that reach into each other make a small file expand without end. One that says it reaches beyond the next
 * one's header gets what lies before it, if that header is there at all; of several at one place, one gets it.
 */
export async function giveRooms(access: Access, directory: Directory, maxMembers: number): Promise<Rooms> {
  const offsets: number[] = [];
  const ends: number[] = [];
  for await (const { offset, rawName, packedBytes } of membersOf(access, directory)) {
    if (offsets.length > maxMembers) break;
    offsets.push(offset);
    ends.push(offset + localBytes + rawName.length + packedBytes);
  }
  const order = inOrder(offsets);
  const contested = contestedOf(order, offsets, ends);
  const before = (offset: number) => (offset < directory.start ? directory.start : access.sizeBytes);
  if (contested.size === 0) return (_, { offset }) => before(offset);
  const absent = await withoutHeader(access, directory, contested);
  const rooms = new Map<number, number>();
  let next = Number.POSITIVE_INFINITY;
  for (let position = order.length - 1; position >= 0; ) {
    const offset = offsets[order[position]!]!;
    let first = position;
    while (first > 0 && offsets[order[first - 1]!] === offset) first--;
    const here = order.slice(first, position + 1);
    const owner = here.find((index) => !absent.has(index));
    for (const index of here) rooms.set(index, index === (owner ?? here[0]) ? next : offset);
    if (owner !== undefined) next = offset;
    position = first - 1;
  }
  return (index, { offset }) => Math.min(before(offset), rooms.get(index) ?? before(offset));
}

function inOrder(offsets: readonly number[]): readonly number[] {
  const order = offsets.map((_, index) => index);
  const isSorted = offsets.every((offset, index) => index === 0 || offsets[index - 1]! <= offset);
  return isSorted ? order : order.sort((a, b) => offsets[a]! - offsets[b]! || a - b);
}

/** Those that begin before another ends. */
function contestedOf(order: readonly number[], offsets: readonly number[], ends: readonly number[]): Set<number> {
  const contested = new Set<number>();
  let end = 0;
  let last: number | undefined;
  for (const index of order) {
    if (offsets[index]! < end) {
      contested.add(index);
      if (last !== undefined && offsets[last] === offsets[index]) contested.add(last);
    }
    end = Math.max(end, ends[index]!);
    last = index;
  }
  return contested;
}

/** Those whose header, with their name, is not where the directory says. */
async function withoutHeader(
  access: Access,
  directory: Directory,
  contested: ReadonlySet<number>,
): Promise<Set<number>> {
  const absent = new Set<number>();
  let index = -1;
  for await (const member of membersOf(access, directory)) {
    index++;
    if (contested.has(index) && !(await hasHeader(access, member))) absent.add(index);
  }
  return absent;
}

async function hasHeader(access: Access, { offset, rawName }: ZipMember): Promise<boolean> {
  const head = await access.read(offset, localBytes + rawName.length);
  return (
    head.length === localBytes + rawName.length &&
    head.readUInt32LE(0) === mark.local &&
    head.subarray(localBytes).equals(rawName)
  );
}

// The fact about one block device, which lsblk and /sys/block both tell.

import { bool, factType, int, list, node, optional, string } from '../../fact-type.ts';

export const BlockDevice = factType('BlockDevice', 'One block device, from one form of lsblk or from /sys/block.', {
  node: node(),
  name: string('E.g. sda3 or rhel-root.'),
  type: optional(string('disk, part, lvm, crypt, loop, rom …')),
  sizeBytes: optional(int('Size, as exactly as it was printed.')),
  fsType: optional(string('Filesystem on it.')),
  readOnly: optional(bool('True when it cannot be written.')),
  rotational: optional(bool('True for a spinning disk, and for what claims to be one.')),
  transport: optional(string('How a disk is reached: sata, sas, nvme, usb, fc, iscsi …')),
  mountPoints: list(string(), 'Where it is mounted.'),
});

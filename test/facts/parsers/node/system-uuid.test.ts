// The UUID of the hardware: from sysfs, from dmidecode, and where the firmware or the rights are wanting.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dmidecode, productUuid } from '../../../../src/facts/parsers/node/system-uuid.ts';
import { read } from './read.ts';

const table = `# dmidecode 3.2
Getting SMBIOS data from sysfs.

Handle 0x0001, DMI type 1, 27 bytes
System Information
	Manufacturer: Example
	UUID: 6A32167A-E2C9-43A3-BC5B-AD14CED54F67
	SKU Number: None

Handle 0x0003, DMI type 3, 24 bytes
Chassis Information
	UUID: 00000000-0000-0000-0000-000000000000
`;

test('sysfs holds it alone', () => {
  const { facts, problems } = read(productUuid, '6a32167a-e2c9-43a3-bc5b-ad14ced54f67\n');
  assert.equal(
    [facts.map(({ value }) => (value as { uuid: string }).uuid), problems],
    [['6a32167a-e2c9-43a3-bc5b-ad14ced54f67'], []],
  );
});

test('dmidecode tells it of the system, in capitals too, with its line', () => {
  const { facts } = read(dmidecode, table);
  assert.equal(
    facts.map(({ value, span }) => [(value as { uuid: string }).uuid, span]),
    [['6a32167a-e2c9-43a3-bc5b-ad14ced54f67', [7, 7]]],
  );
});

test('a firmware without one, and a dmidecode without rights, say nothing', () => {
  for (const text of [
    table.replace(/UUID: 6A.*/, 'UUID: Not Settable'),
    '# dmidecode 3.2\n/dev/mem: Permission denied\n',
    '# No SMBIOS nor DMI entry point found, sorry.\n',
  ]) {
    assert.equal([read(dmidecode, text).facts, read(dmidecode, text).problems], [[], []], text);
  }
});

test('anything else in the file of sysfs is a problem', () => {
  assert.is(read(productUuid, 'cat: product_uuid: Permission denied\n').problems[0]?.code, 'COLLECTION_ERROR');
  assert.is(read(productUuid, 'no uuid at all\n').problems[0]?.code, 'PARSE_ERROR');
});

test.run();

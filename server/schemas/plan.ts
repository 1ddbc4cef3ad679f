/** Files made of a plan, as the API's document shows them, by the example of two villages. */
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { ReportFormat, ReportName } from '../../engine/index.js';
import { PACKED_TYPE } from '../packed/container.js';
import { DIGESTS } from './examples.js';

const ROWS: Partial<Record<ReportName, string>> = {
  shipments:
    'Shipment,Resource,Resource name,Quantity,Unit,…\r\n#meta+shipment+num,#item+code,#item+name,#item+quantity,#item+unit,…\r\n1,water,water,3000,L,…\r\n',
  waybills: `Waybill,Line,Organisation,From,…\r\n#meta+waybill+id,#meta+line+num,#org+origin+name,#loc+origin+code,…\r\n${DIGESTS.allocation.slice(0, 8)}-00001,1,,port,…\r\n`,
  '4w': 'Organisation (who),Activity (what),Resource,Region (where),…\r\n#org+name,#activity+name,#item+code,#region+code,…\r\n(not stated),Delivery of water,water,upper,…\r\n',
  unmet:
    'Region,Region name,Resource,…,Reason,What is full or used up\r\n#region+code,#region+name,#item+code,…,#cause+code,#cause+description\r\nupper,upper,water,…,limits,used up: stock of water at port\r\n',
};

const feature = {
  flows: {
    type: 'Feature',
    id: 'port | upper | truck | water',
    geometry: {
      type: 'LineString',
      coordinates: [
        [49.4, -18.15],
        [49.76, -16.17],
      ],
    },
    properties: { from: 'port', to: 'upper', mode: 'truck', resource: 'water', quantity: 3000, tonnes: 3 },
  },
  coverage: {
    type: 'Feature',
    id: 'upper',
    geometry: null,
    properties: { region: 'upper', coverage: 0.6, need_water: 5000, met_water: 3000 },
  },
};

/** The compact form; `../packed/container.ts` has the layout in full. */
export const packedPlan = z.custom<Buffer>().meta({
  contentMediaType: PACKED_TYPE,
  description:
    'Little-endian. 0: "EHPLAN" in ASCII, 6: u16 version, 8: u32 bytes in all, 12: u32 CRC-32 of all from 16 on, 16: the digest of the allocation, 48: u32 number of sections, u32 0; from 56 on 32 bytes a section: name in ASCII padded to 20 with zeros, u32 kind (0 JSON, 1 u8, 2 u16, 4 u32, 8 double), u32 where it begins, u32 its bytes. ' +
    'JSON: head (one of a kind), sites (ids and names of depots, hubs, regions), shapes (borders of the regions), receipt. Columns: site.at, region.people, region.floor; way.* (routes in use: from, to, mode, capacity); ship.* (consignments: way, resource, depart, travel in periods, lots); cover.* (by region and resource: needed, met, and due and delivered where they differ, in lots; ratio = met ÷ needed); period.* and depot.* in tonnes, period.unmet in people-periods. ' +
    'quantity = lots × head.lots of the resource (a fraction); a name without .lots has units. NaN: the scenario does not say.',
});

/** The schema of a file: text with an example, JSON with its shape, or bytes. */
export function planFile(name: ReportName | 'bundle', format: ReportFormat | 'zip') {
  const file = z.custom<Readable>();
  if (format === 'xlsx' || format === 'zip')
    return file.meta({ description: format === 'zip' ? 'A zip archive' : 'A workbook (ECMA-376)' });
  if (format === 'csv') {
    const description = 'RFC 4180: a row of headings, a row of HXL 1.1 tags, CRLF after each line';
    return file.meta({ type: 'string', description, examples: [ROWS[name as ReportName] ?? ''] });
  }
  if (format === 'html')
    return file.meta({
      type: 'string',
      description: 'HTML for one page of A4, no script',
      examples: ['<!doctype html>…'],
    });
  return file.meta({
    type: 'object',
    description: 'RFC 7946; features without a known place have no geometry',
    properties: { type: { const: 'FeatureCollection' }, features: { type: 'array', items: { type: 'object' } } },
    required: ['type', 'features'],
    examples: [
      { type: 'FeatureCollection', name: `two-villages: ${name}`, features: [feature[name as 'flows' | 'coverage']] },
    ],
  });
}

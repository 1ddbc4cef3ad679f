/** Files made of a plan, as the API's document shows them, by the example of two villages. */
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { ReportFormat, ReportName } from '../../engine/index.js';
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

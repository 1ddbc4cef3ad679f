/**
 * The sheets of a workbook and their columns: what each is called, in three languages and in HXL, what stands in it, and
 * an example. Template, reader, writer and mapping all follow this one table.
 */
import { type Text, wording } from '../wording.js';

export type SheetName =
  | 'Scenario'
  | 'Resources'
  | 'Depots'
  | 'Stock'
  | 'Arrivals'
  | 'Losses'
  | 'Hubs'
  | 'Regions'
  | 'Demand'
  | 'Routes'
  | 'Fleets'
  | 'Budget'
  | 'Policy'
  | 'Tiers'
  | 'Shipped'
  | 'Used'
  | 'Planned';

/** `list`: a number, or one a period as "60; 55; 0"; `periods`: periods as "0; 3"; `share`: 0 to 1. */
export type Kind =
  | 'id'
  | 'text'
  | 'number'
  | 'share'
  | 'list'
  | 'periods'
  | 'period'
  | 'date'
  | 'choice'
  | 'yes'
  | 'polygon';

export interface Column {
  key: string;
  heading: string;
  kind: Kind;
  /** In the heading, in brackets; another unit there is a fault. */
  unit?: string;
  /** Degrees east or north, which maps write with a sign, a letter, or minutes and seconds. */
  axis?: 'E' | 'N';
  /** Counts what has no parts, so that 3,310 can only be three thousand. */
  whole?: boolean;
  required?: boolean;
  /** No column of a sheet: it comes from elsewhere. */
  unwritten?: boolean;
  /** Other headings, in English, French and Chinese. */
  also: readonly string[];
  /** HXL tags with the attributes that are asked for, the best first. */
  hxl: readonly string[];
  choices?: readonly string[];
  /** The sheets whose ids are meant. */
  of?: readonly SheetName[];
  example?: string | number;
  /** The example stands in the template although the cell may be empty: what everybody fills in, or sees at once. */
  shown?: boolean;
  note: Text;
}

export interface Layout {
  name: SheetName;
  also: readonly string[];
  /** Nobody has to have it. */
  optional: boolean;
  about: Text;
  columns: readonly Column[];
}

type More = Partial<Omit<Column, 'key' | 'heading' | 'kind' | 'note' | 'also' | 'hxl'>>;

const column = (
  key: string,
  heading: string,
  kind: Kind,
  note: Text,
  also: string,
  hxl = '',
  more: More = {},
): Column => ({
  key,
  heading,
  kind,
  note,
  also: also.split('|').filter(Boolean),
  hxl: hxl.split(' ').filter(Boolean),
  ...more,
});

const must = { required: true };
const ADMIN =
  '#adm5+code #adm4+code #adm3+code #adm2+code #adm1+code #adm+code #loc+region+code #loc+region #loc+code #adm4 #adm3 #adm2 #adm1';
const SITES: readonly SheetName[] = ['Depots', 'Hubs', 'Regions'];
const STARTS: readonly SheetName[] = ['Depots', 'Hubs'];

const id = (note: Text, also: string, hxl: string, example: string) =>
  column('id', 'Id', 'id', note, also, hxl, { ...must, example });
const name = (hxl: string, example: string) =>
  column('name', 'Name', 'text', wording`for people`, 'nom|libellé|名称|名字|label', hxl, { example });
const longitude = (example: number) =>
  column('lon', 'Longitude', 'number', wording`degrees east, WGS 84`, 'long|lon|lng|x|longitude e|经度', '#geo+lon', {
    axis: 'E',
    shown: true,
    example,
  });
const latitude = (example: number) =>
  column('lat', 'Latitude', 'number', wording`degrees north, WGS 84`, 'lat|y|latitude n|纬度', '#geo+lat', {
    axis: 'N',
    shown: true,
    example,
  });
const resource = () =>
  column(
    'resource',
    'Resource',
    'id',
    wording`id of a resource`,
    'item|goods|commodity|article|ressource|produit|物资|资源|品名',
    '#item+code #item',
    { ...must, of: ['Resources'], example: 'example-water' },
  );
const depot = column(
  'depot',
  'Depot',
  'id',
  wording`id of a depot`,
  'warehouse|store|dépôt|entrepôt|仓库|库房',
  '#loc+depot+code #loc+depot #loc+code #loc',
  { ...must, of: ['Depots'], example: 'example-depot' },
);
const region = column(
  'region',
  'Region',
  'id',
  wording`id (P-code) of a region`,
  'district|area|p-code|pcode|région|zone|地区|区域|县',
  ADMIN,
  { ...must, of: ['Regions'], example: 'example-region' },
);
const quantity = (hxl: string, example: number) =>
  column(
    'quantity',
    'Quantity',
    'number',
    wording`in units of the resource, whole lots`,
    'qty|amount|number|units|stock|quantité|qté|数量',
    hxl,
    { ...must, example },
  );
const period = (heading: string, key: string, note: Text, also: string, hxl: string, example: number) =>
  column(key, heading, 'period', note, also, hxl, { ...must, example });
const handling = column(
  'handlingTonnes',
  'Handling',
  'list',
  wording`tonnes that can leave in a period; blank: no limit; "60; 55; 0": one a period`,
  'handling capacity|throughput|manutention|capacité de manutention|吞吐量|装卸能力',
  '#capacity+handling',
  { unit: 't', example: 60 },
);
const storage = (example: number) =>
  column(
    'storageTonnes',
    'Storage',
    'number',
    wording`tonnes kept at the end of a period; blank: 0`,
    'storage capacity|stockage|capacité de stockage|存储量|仓储能力',
    '#capacity+storage',
    { unit: 't', example },
  );
const from = column(
  'from',
  'From',
  'id',
  wording`depot or hub`,
  'origin|start|source|de|origine|départ|起点|出发地',
  '#loc+origin+code #loc+origin #loc+from',
  { ...must, of: STARTS, example: 'example-depot' },
);
const to = column(
  'to',
  'To',
  'id',
  wording`depot, hub or region`,
  'destination|end|à|vers|arrivée|终点|目的地',
  '#loc+destination+code #loc+destination #loc+dest #loc+to',
  { ...must, of: SITES, example: 'example-region' },
);
const mode = (example: string) =>
  column(
    'mode',
    'Mode',
    'id',
    wording`truck, helicopter, boat, …`,
    'transport|mode of transport|means|mode de transport|moyen|运输方式|方式',
    '#transport+mode #transport',
    { ...must, example },
  );

/** Names of the modes that the drop-down list offers; any other may be written. */
export const MODES = ['truck', 'helicopter', 'plane', 'boat', 'ship', 'rail', 'foot', 'drone'] as const;
export const STAGES = ['floor', 'maxmin', 'leximin', 'need', 'cost', 'stay'] as const;
export const POLICIES = ['balanced', 'efficient', 'proportional', 'equal'] as const;

/** What stands for an empty list, which an empty cell does not: that is nothing said at all. */
export const NONE = '(none)';

/** The Scenario sheet has a row for each of these: field, value. */
export const SCENARIO_FIELDS: readonly Column[] = [
  column('evenhand', 'Format', 'number', wording`version of the format: 1`, 'evenhand|version|格式', '', {
    example: 1,
  }),
  column('id', 'Id', 'id', wording`short name of the scenario`, 'scenario|scenario id|identifiant|code|编号|标识', '', {
    ...must,
    example: 'my-scenario',
  }),
  column(
    'title',
    'Title',
    'text',
    wording`what happened, where, when, such as Flood in the north, March 2027`,
    'titre|name|nom|标题|名称',
    '',
    {
      example: '',
    },
  ),
  column('source', 'Source', 'text', wording`where the figures come from, and what is assumed`, 'sources|来源', ''),
  column(
    'count',
    'Periods',
    'number',
    wording`how many are planned, for instance 7 days`,
    'number of periods|horizon|days|périodes|nombre de périodes|jours|期数|天数',
    '',
    { ...must, example: 7 },
  ),
  column(
    'length',
    'Period length',
    'text',
    wording`ISO 8601 duration: P1D is a day, PT12H half a day, P1W a week`,
    'length|length of a period|durée|durée de la période|期长|周期',
    '',
    { example: 'P1D' },
  ),
  column(
    'start',
    'First day',
    'date',
    wording`a date, such as 2027-03-01`,
    'start|start date|date|premier jour|date de début|首日|开始日期',
    '',
    {
      example: '',
    },
  ),
  column('quorum', 'Quorum', 'number', wording`organisations that must sign an adoption`, 'signatures|法定人数', ''),
  column(
    'after',
    'Now in period',
    'number',
    wording`first period in which anything can still depart`,
    'maintenant en période|当前期',
    '',
  ),
  column('base', 'Base', 'text', wording`digest of the scenario without its past`, '', ''),
  column('allocation', 'Allocation', 'text', wording`digest of the allocation that was followed`, '', ''),
  column('amendments', 'Amendments', 'text', wording`digests, with semicolons between`, '', ''),
  column('$schema', 'Schema', 'text', wording`where editors find the JSON Schema`, '', ''),
];

const line = [
  resource(),
  from,
  to,
  mode('truck'),
  period(
    'Departs in',
    'depart',
    wording`period of departure, from 0`,
    'depart|departure|period|départ|出发期',
    '#date+start #date',
    0,
  ),
];

export const LAYOUTS: readonly Layout[] = [
  {
    name: 'Scenario',
    also: ['scénario', 'general', 'général', '方案', '情景'],
    optional: false,
    about: wording`one row for each field`,
    columns: [
      column('field', 'Field', 'text', '', 'champ|字段|项目', '', must),
      column('value', 'Value', 'text', '', 'valeur|值|内容', '', must),
      column('note', 'Note', 'text', '', 'notes|remarque|备注', ''),
    ],
  },
  {
    name: 'Resources',
    also: ['resource', 'items', 'goods', 'commodities', 'ressources', 'articles', 'produits', '物资', '资源'],
    optional: false,
    about: wording`what is given out`,
    columns: [
      id(
        wording`short name`,
        'resource|item|code|item code|ressource|article|identifiant|编号|物资|物资编号',
        '#item+code #item',
        'example-water',
      ),
      name('#item+name', 'Drinking water'),
      column(
        'unit',
        'Unit',
        'text',
        wording`what quantities are counted in: L, piece, kit, tonne`,
        'unit of measure|uom|unité|单位',
        '#item+unit #unit',
        { ...must, example: 'L' },
      ),
      column(
        'weightKg',
        'Weight',
        'number',
        wording`kilograms a unit`,
        'unit weight|weight per unit|poids|poids unitaire|重量|单重',
        '#item+weight #value+weight',
        { ...must, unit: 'kg', example: 1 },
      ),
      column(
        'volumeM3',
        'Volume',
        'number',
        wording`cubic metres a unit; information only`,
        'unit volume|volume unitaire|体积',
        '#item+volume',
        { unit: 'm3', example: 0.001 },
      ),
      column(
        'lot',
        'Lot',
        'number',
        wording`smallest whole quantity that is shipped, in units; blank: 1`,
        'lot size|pack|package|taille de lot|conditionnement|批量|包装',
        '#item+lot',
        { example: 100 },
      ),
      column(
        'kind',
        'Kind',
        'choice',
        wording`consumable: what is missed today is lost; durable: it waits`,
        'type|nature|catégorie|类别|类型',
        '#item+type',
        { ...must, choices: ['consumable', 'durable'], example: 'consumable' },
      ),
      column(
        'peoplePerUnit',
        'People per unit',
        'number',
        wording`people one unit serves for one period, by which plans weigh people-days; leave it empty where 'evenhand needs' counts the resource: it takes the standard's; else blank is 1. No need is counted by it: for that is the column Standard`,
        'persons per unit|people a unit|personnes par unité|每单位人数',
        '#item+people',
        { example: 0.2 },
      ),
      column(
        'importance',
        'Importance',
        'number',
        wording`weight among the resources; blank: 1`,
        'weight among resources|importance relative|重要性',
        '#item+importance',
        { example: 2 },
      ),
      column(
        'standard',
        'Standard',
        'id',
        wording`the item of the standards by which 'evenhand needs' counts how much people need; blank: known by its name and unit, or none`,
        'standard item|norme|标准',
        '',
        { example: 'water' },
      ),
    ],
  },
  {
    name: 'Depots',
    also: ['depot', 'warehouses', 'stores', 'dépôts', 'entrepôts', '仓库', '储备库'],
    optional: false,
    about: wording`where goods are at the start`,
    columns: [
      id(
        wording`short name, unlike that of any hub or region: "Blantyre depot", not "Blantyre"`,
        'depot|warehouse|code|dépôt|entrepôt|identifiant|仓库|编号|仓库编号',
        '#loc+depot+code #loc+code #loc+depot #loc',
        'example-depot',
      ),
      name('#loc+name', 'Central warehouse'),
      longitude(47.52),
      latitude(-18.88),
      column(
        'owner',
        'Owner',
        'text',
        wording`organisation; information only`,
        'organisation|organization|propriétaire|所有者|单位|机构',
        '#org+name #org',
        { example: 'civil-protection' },
      ),
      column(
        'tier',
        'Tier',
        'text',
        wording`level of administration, such as central or regional`,
        'level|niveau|échelon|级别|层级',
        '#loc+type #adm+level',
        { example: 'central' },
      ),
      handling,
    ],
  },
  {
    name: 'Stock',
    also: ['stocks', 'inventory', 'inventaire', '库存', '存量'],
    optional: true,
    about: wording`what depots have at the start: a row for each depot and resource`,
    columns: [depot, resource(), quantity('#capacity #value #item+quantity #indicator+num', 48000)],
  },
  {
    name: 'Arrivals',
    also: ['arrival', 'pipeline', 'supply', 'arrivées', 'arrivages', '到货', '到达'],
    optional: true,
    about: wording`what comes to depots later`,
    columns: [
      depot,
      period(
        'Period',
        'period',
        wording`from 0; the goods may depart in it`,
        'day|période|jour|期|期次|到货期',
        '#date+arrival #date',
        1,
      ),
      resource(),
      quantity('#capacity #value #item+quantity', 36000),
      column(
        'donor',
        'Donor',
        'text',
        wording`information only`,
        'given by|bailleur|donateur|捐赠方',
        '#org+funder #org+donor #org',
        { example: 'red-cross' },
      ),
    ],
  },
  {
    name: 'Losses',
    also: ['loss', 'pertes', '损失'],
    optional: true,
    about: wording`what was lost at depots`,
    columns: [
      depot,
      period(
        'Period',
        'period',
        wording`from which the goods are no longer there`,
        'day|période|jour|期|期次',
        '#date',
        1,
      ),
      resource(),
      quantity('#value #item+quantity', 10),
    ],
  },
  {
    name: 'Hubs',
    also: ['hub', 'transit', 'plateformes', '中转站', '枢纽'],
    optional: true,
    about: wording`where goods change vehicles`,
    columns: [
      id(
        wording`short name, unlike that of any depot or region`,
        'hub|code|plateforme|identifiant|编号|中转站',
        '#loc+hub+code #loc+code #loc+hub #loc',
        'example-hub',
      ),
      name('#loc+name', 'Road junction'),
      longitude(48.23),
      latitude(-18.92),
      handling,
      storage(20),
    ],
  },
  {
    name: 'Regions',
    also: ['region', 'districts', 'areas', 'admin areas', 'régions', 'zones', '地区', '区域', '受灾地区'],
    optional: false,
    about: wording`where people need goods`,
    columns: [
      id(
        wording`short name; the P-code where there is one`,
        'region|district|code|p-code|pcode|admin code|région|zone|identifiant|地区|编号|行政区代码',
        ADMIN,
        'example-region',
      ),
      name(
        '#adm5+name #adm4+name #adm3+name #adm2+name #adm1+name #adm+name #loc+name #adm3 #adm2 #adm1',
        'North valley',
      ),
      longitude(48.42),
      latitude(-17.83),
      column(
        'people',
        'People',
        'number',
        wording`people affected: 'evenhand needs' makes the sheet Demand of them`,
        'affected|people affected|population|affected population|personnes|personnes affectées|population affectée|人数|受灾人数|人口',
        '#affected #inneed #population #reached',
        { whole: true, shown: true, example: 7200 },
      ),
      column(
        'tier',
        'Tier',
        'text',
        wording`level whose officials answer for it`,
        'level|niveau|échelon|级别|层级',
        '#adm+level',
        { example: 'district' },
      ),
      column(
        'priority',
        'Priority',
        'number',
        wording`weight among the regions; blank: 1`,
        'weight|severity|priorité|优先级|权重',
        '#severity #priority',
        { example: 1 },
      ),
      column(
        'floor',
        'Floor',
        'share',
        wording`coverage that everyone here gets first, 0 to 1; blank: 0`,
        'minimum|minimum coverage|couverture minimale|plancher|最低保障|下限',
        '#targeted+share',
        { example: 0.3 },
      ),
      storage(25),
      column(
        'cutOff',
        'Cut off',
        'yes',
        wording`yes where it is known that no route reaches it`,
        'unreachable|isolé|coupé|隔绝|不可达',
        '#access+cutoff',
        { choices: ['yes'] },
      ),
      column('polygon', 'Polygon', 'polygon', wording`outline, from GeoJSON alone`, 'geometry|outline', '#geo+bounds', {
        unwritten: true,
      }),
    ],
  },
  {
    name: 'Demand',
    also: ['demands', 'needs', 'requirements', 'besoins', 'demande', '需求', '需要'],
    optional: false,
    about: wording`what is needed: a row for each region and resource; columns "Period 0", "Period 1", … or a column "Period" where it is not the same in each`,
    columns: [
      region,
      resource(),
      column(
        'quantity',
        'Quantity',
        'number',
        wording`units needed. Consumable: in each period; durable: due at once. An empty sheet: 'evenhand needs' fills it from people`,
        'qty|amount|need|needed|units|required|quantité|besoin|数量|需求量',
        '#inneed #value #item+quantity',
        { shown: true, example: 36000 },
      ),
      column(
        'period',
        'Period',
        'period',
        wording`only where there is a row for each period`,
        'day|période|jour|期|期次',
        '#date',
        {},
      ),
    ],
  },
  {
    name: 'Routes',
    also: ['route', 'roads', 'links', 'itinéraires', 'trajets', '路线', '线路'],
    optional: false,
    about: wording`how goods can travel; an empty sheet: 'evenhand routes' proposes them from coordinates`,
    columns: [
      from,
      to,
      mode('truck'),
      column(
        'km',
        'Distance',
        'number',
        wording`kilometres; blank: from the coordinates`,
        'length|longueur|km|kilometres|距离|里程',
        '#distance #value+distance',
        { unit: 'km', example: 140 },
      ),
      column(
        'leadPeriods',
        'Lead',
        'number',
        wording`periods from departure to arrival; blank: 0`,
        'lead time|lead periods|travel periods|transit|délai|durée|在途期数|运输期',
        '#date+lead #value+lead',
        { example: 1 },
      ),
      column(
        'capacityTonnes',
        'Capacity',
        'number',
        wording`tonnes a period; blank: no limit`,
        'capacity a period|capacité|运力|通行能力',
        '#capacity+route #capacity',
        { unit: 't', example: 32 },
      ),
      column(
        'costPerTonne',
        'Cost per tonne',
        'number',
        wording`in the currency of the budget; blank: 0`,
        'cost|unit cost|coût|coût par tonne|每吨费用|单价|费用',
        '#value+cost #value',
        { example: 21 },
      ),
      column(
        'closed',
        'Closed in',
        'periods',
        wording`periods in which nothing departs: "0; 3"`,
        'closed|closed periods|fermé|fermeture|关闭期|封闭期',
        '#access+closed',
        { example: '0' },
      ),
    ],
  },
  {
    name: 'Fleets',
    also: ['fleet', 'vehicles', 'flottes', 'véhicules', '车队', '运力'],
    optional: true,
    about: wording`how much of each mode there is: tonne-km, or the three columns after it; a mode that is not here is not limited. 'evenhand routes' proposes routes of these modes, else of trucks`,
    columns: [
      mode('example-truck'),
      column(
        'tonneKm',
        'Tonne-km',
        'list',
        wording`tonne-kilometres a period, of loaded ways alone`,
        'tonne km|tkm|tonnes-km|吨公里',
        '#capacity+tkm',
        {},
      ),
      column(
        'vehicles',
        'Vehicles',
        'list',
        wording`how many`,
        'number of vehicles|nombre de véhicules|véhicules|车辆数',
        '#capacity+vehicles',
        { example: 9 },
      ),
      column(
        'payloadTonnes',
        'Payload',
        'number',
        wording`tonnes a vehicle`,
        'load|charge utile|载重',
        '#capacity+payload',
        {
          unit: 't',
          example: 8,
        },
      ),
      column(
        'kmPerPeriod',
        'Loaded km per period',
        'number',
        wording`kilometres that a vehicle drives loaded in a period: half of all it drives where it comes back empty; a tonne uses up the km of its route, one way`,
        'km per period|km a period|distance per period|km par période|每期里程',
        '#capacity+km',
        { example: 160 },
      ),
    ],
  },
  {
    name: 'Budget',
    also: ['budgets', 'money', '预算'],
    optional: true,
    about: wording`one row; none: no limit`,
    columns: [
      column(
        'amount',
        'Amount',
        'number',
        wording`limit of total cost`,
        'limit|montant|金额|总额',
        '#value+budget #value',
        {
          ...must,
          example: 18000,
        },
      ),
      column(
        'currency',
        'Currency',
        'text',
        wording`for instance USD`,
        'devise|monnaie|币种|货币',
        '#currency #value+currency',
        { shown: true, example: 'example-USD' },
      ),
    ],
  },
  {
    name: 'Policy',
    also: ['policies', 'objective', 'politique', '策略', '政策'],
    optional: true,
    about: wording`one row with the name of a policy, or a row for each stage in order; none: balanced`,
    columns: [
      column(
        'stage',
        'Stage',
        'text',
        wording`balanced, efficient, proportional or equal; or floor, maxmin, leximin, need, cost, stay`,
        'policy|étape|politique|阶段|策略',
        '',
        { example: 'balanced', choices: [...POLICIES, ...STAGES] },
      ),
      column(
        'alpha',
        'Alpha',
        'number',
        wording`equity dial of a stage need: 0 serves most people, 1 is proportional, 2 the default`,
        'dial|公平度',
        '',
      ),
      column(
        'bands',
        'Bands',
        'number',
        wording`equal bands of coverage; blank: 10`,
        'number of bands|tranches|分段数',
        '',
      ),
      column(
        'costWeight',
        'Cost weight',
        'number',
        wording`need points that one unit of currency is worth`,
        'poids du coût|费用权重',
        '',
      ),
      column('tolerance', 'Tolerance', 'number', wording`how far later stages may fall below`, 'tolérance|容差', ''),
      column(
        'upTo',
        'Band up to',
        'number',
        wording`bands of its own: coverage up to which Band value holds, a row for each, Stage blank below the first`,
        "jusqu'à|分段上限",
        '',
      ),
      column(
        'value',
        'Band value',
        'number',
        wording`worth of one unit of need met in this band`,
        'valeur de tranche|分段价值',
        '',
      ),
    ],
  },
  {
    name: 'Tiers',
    also: ['tier', 'levels', 'niveaux', 'échelons', '层级', '级别'],
    optional: true,
    about: wording`levels of administration, lowest first`,
    columns: [
      id(wording`such as district`, 'tier|level|niveau|编号|层级', '#adm+level', 'example-district'),
      name('#adm+level+name', 'District'),
      column(
        'organisation',
        'Organisation',
        'text',
        wording`who acts on reports at this level`,
        'organization|org|机构',
        '#org',
        { example: 'district office' },
      ),
      column('verify', 'Verify within', 'number', wording`hours; blank: 24`, 'verify|vérifier|核实时限', '', {
        unit: 'h',
        example: 24,
      }),
      column('amend', 'Amend within', 'number', wording`hours; blank: 24`, 'amend|amender|修订时限', '', {
        unit: 'h',
        example: 24,
      }),
      column('resolve', 'Resolve within', 'number', wording`hours; blank: 72`, 'resolve|résoudre|解决时限', '', {
        unit: 'h',
        example: 72,
      }),
    ],
  },
  {
    name: 'Shipped',
    also: ['expédié', '已发运'],
    optional: true,
    about: wording`what left in periods that are past`,
    columns: [
      ...line,
      quantity('#value', 10),
      period(
        'Arrives in',
        'arrive',
        wording`period in which it was to arrive`,
        'arrive|arrival|arrivée|到达期',
        '#date+end',
        0,
      ),
      column(
        'delivered',
        'Delivered',
        'number',
        wording`what reached its end; blank: all`,
        'livré|已交付',
        '#reached',
        {},
      ),
      column(
        'arrived',
        'Arrived in',
        'period',
        wording`period in which it did, or will; blank: as planned`,
        'arrived|arrivé en|实际到达期',
        '#date+arrived',
        {},
      ),
    ],
  },
  {
    name: 'Used',
    also: ['utilisé', '已使用'],
    optional: true,
    about: wording`what regions with storage handed out in periods that are past`,
    columns: [
      region,
      resource(),
      period('Period', 'period', wording`from 0`, 'day|période|jour|期', '#date', 0),
      quantity('#value', 10),
    ],
  },
  {
    name: 'Planned',
    also: ['prévu', '计划'],
    optional: true,
    about: wording`departures of the plan before that are still to come`,
    columns: [...line, quantity('#value', 10)],
  },
];

export const layoutOf = (name: SheetName): Layout => LAYOUTS.find((l) => l.name === name)!;

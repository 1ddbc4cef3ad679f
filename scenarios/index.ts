/** Floor 1: what is asked. Nothing here knows how an answer is found. */

export { canonicalBytes, writeCanonical } from './canonical.js';
export { canonicalPieces } from './canonical-pieces.js';
export { checkScenario } from './check.js';
export {
  type CompleteDepot,
  type CompleteFleet,
  type CompleteHub,
  type CompleteRegion,
  type CompleteResource,
  type CompleteRoute,
  type CompleteScenario,
  complete,
} from './complete.js';
export { type Dial, mustBePolicy, turnDial } from './dial.js';
export { digestOf, sameJson, scenarioDigest, sha256Hex } from './digest.js';
export { arcKm, detourFactor, greatCircleKm, routeKm } from './distance.js';
export { type Checked, type Fault, type Said, ScenarioError } from './faults.js';
export { type Amendment, amendmentSchema, type Delivery } from './field/amendment.js';
export { beginOf, listed, periodOf, periodsInWords } from './field/calendar.js';
export { type CheckedReport, checkReport, placeFaults } from './field/check.js';
export { allocatedOf, allocationFaults } from './field/check-delivery.js';
export { type Compiled, compileAmendment, rebase } from './field/compile.js';
export type { Conflict } from './field/conflicts.js';
export { isOver, standing } from './field/life.js';
export { type NearPlace, nearestPlaces, placeNamed, proposePlaces } from './field/near.js';
export {
  type FieldReport,
  type Moment,
  type PlaceName,
  placeName as placeNameSchema,
  type ReportKind,
  type ReportOf,
  type RouteName,
  reportJsonSchema,
  reportSchema,
  type VerifiedReport,
} from './field/report.js';
export { csvCell, csvLine, isFormulaLike } from './formats/csv-write.js';
export { writeXlsx, type XlsxCell, type XlsxColumn, type XlsxList, type XlsxSheet } from './formats/xlsx-write.js';
export { writeZip, type ZipFile } from './formats/zip-write.js';
export { generate, type PresetName, presetNames } from './generate.js';
export { scenarioJsonSchema } from './jsonschema.js';
export { caseNames, readCase } from './library.js';
export { lotsOf, unitsOf, withoutLosses } from './losses.js';
export { countLots, type Decimal, decimalOf, decimalText, type Lots } from './lots.js';
export { type Draft, draftText, type PlanningFigure, readDraft } from './needs/draft.js';
export { type Matched, matchStandards } from './needs/match.js';
export { type Needs, needsOf, type Why } from './needs/needs.js';
export { builtInStandards, readStandards, type Standards } from './needs/standards.js';
export { type CompletePast, routeFinder, type Shipped } from './past.js';
export { escapePointer, type Operation, operationSchema, PatchPathError, PatchTestError, patched } from './patch.js';
export { atPeriod, mapPeriods, type PerPeriod } from './periods.js';
export { type CompleteStage, completeStage, policyStages } from './policies.js';
export { mustReadScenario, readScenario } from './read.js';
export {
  type Declaration,
  type Declared,
  declarationFaults,
  declarationSchema,
  declarationWords,
  declareLevel,
  levelName,
} from './response/declaration.js';
export { type LockedTier, releaseGate } from './response/gate.js';
export type { CompleteResponse } from './response/lock.js';
export {
  DEFAULT_RULES,
  type Figure,
  type Figures,
  figures as figuresSchema,
  LEVELS,
  type Level,
  level as levelSchema,
  type Rule,
  rule as ruleSchema,
} from './response/rules.js';
export { FIGURE_NAMES, type Suggestion, suggestLevel } from './response/suggest.js';
export { type LevelView, levelOf } from './response/view.js';
export { type Routing, routesOf } from './routing/routing.js';
export { builtInTransport, readTransport, type Transport } from './routing/transport.js';
export { type Scenario, scenarioSchema } from './schema.js';
export { type Band, type PolicyName, policy as policySchema, type Stage } from './stages.js';
export { type Standing, standingOf } from './standing.js';
export { DUE_HOURS, type DueHours, escalation, type Tier, tiersOf } from './tiers.js';
export { english, inLanguage, type Text, type Wording, wording } from './wording.js';
export { writeScenario } from './write.js';

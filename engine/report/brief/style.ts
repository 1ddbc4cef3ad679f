/** The one style sheet of the brief, and the policy that allows it and nothing else. */
import { sha256Hex } from '../../../scenarios/index.js';

export const STYLE = `
@page{size:A4;margin:9mm 10mm}
*{box-sizing:border-box}
body{font:7.6pt/1.2 "Helvetica Neue",Arial,"Liberation Sans",sans-serif;color:#111;background:#fff;max-width:190mm;margin:6mm auto}
h1{font-size:14pt;margin:0}
h2{font-size:9.5pt;margin:0 0 1mm;border-bottom:.4mm solid #1f4e79;color:#1f4e79}
p{margin:.6mm 0}
.figures{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:1mm 2mm;margin:1.5mm 0}
.figures div{border:.2mm solid #bbb;padding:.8mm 1.4mm}
.figures div{font-size:6.8pt}
.figures b{display:block;font-size:10.5pt}
.two{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:4mm;margin:1.5mm 0}
.three{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.4fr) minmax(0,1fr);gap:4mm;margin:1.5mm 0}
svg{width:100%;height:auto;border:.2mm solid #bbb}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.2mm 1mm;border-bottom:.1mm solid #ccc;vertical-align:top}
th{font-weight:600;border-bottom:.3mm solid #666}
.three p,.three li{overflow-wrap:anywhere}
.goods th.n{white-space:normal}
.goods td:first-child{white-space:nowrap}
.goods td:last-child{font-size:6.8pt}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
ul{margin:0;padding-left:4mm}
.who{table-layout:fixed;font-size:6.6pt;line-height:1.12;margin-bottom:1.5mm}
.warn{border-left:1mm solid #d7191c;padding-left:1.5mm}
.sheet{break-inside:avoid;margin-top:3mm}
.who td,.who tbody th{padding:.2mm 1mm;border-bottom:.1mm solid #ccc;font-weight:400}
.who th{overflow-wrap:anywhere;white-space:normal}
.zero{background:#f9d9d3;print-color-adjust:exact;-webkit-print-color-adjust:exact}
code{font:6.2pt "Liberation Mono",monospace;overflow-wrap:anywhere}
.digests{font-size:5.8pt}
.digests span{white-space:nowrap}
.digests code{font-size:5.3pt}
footer{overflow-wrap:anywhere;border-top:.2mm solid #999;color:#444;font-size:6.4pt;margin-top:1mm;padding-top:.6mm}
@media print{body{margin:0 auto}}
`;

/** Source expression for \`style-src\`: the page needs no other, and nothing else. */
export const BRIEF_STYLE_SOURCE = `'sha256-${base64(sha256Hex(new TextEncoder().encode(STYLE)))}'`;
export const BRIEF_POLICY = `default-src 'none'; style-src ${BRIEF_STYLE_SOURCE}; base-uri 'none'; form-action 'none'`;

function base64(hex: string): string {
  return btoa(String.fromCharCode(...hex.match(/../g)!.map((byte) => Number.parseInt(byte, 16))));
}

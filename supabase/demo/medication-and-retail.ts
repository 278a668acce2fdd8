import { box, item, lot } from './item.ts';
import type { DemoItem } from './item.ts';

const H = 'Huron Medical';
const L = 'Lakeshore Supply';
const N = 'Northfield Pharma';
const D = 'Dermalis Care';
const PPE = 'Gloves and protection';
const NEEDLES = 'Needles and syringes';
const DRUGS = 'Medication';
const CLEAN = 'Cleaning';
const SHOP = 'Retail';
const TOOLS = 'Devices and parts';

/** Needles, medication, cleaning, retail, samples and parts. */
export const MEDICATION_AND_RETAIL: readonly DemoItem[] = [
  item(
    'supply',
    ['SYR-1', 'Syringe 1 ml', NEEDLES, H],
    ['each', 14, 'D1'],
    [400, 250, 200],
    [520, 300, 240],
    { packs: box(100) },
  ),
  item(
    'supply',
    ['SYR-3', 'Syringe 3 ml', NEEDLES, H],
    ['each', 15, 'D1'],
    [400, 250, 200],
    [480, 330, 180],
    { packs: box(100) },
  ),
  item(
    'supply',
    ['NDL-30', 'Needle 30 G × ½ in', NEEDLES, H],
    ['each', 12, 'D1'],
    [600, 400, 300],
    [720, 450, 380],
    { packs: box(100) },
  ),
  item(
    'supply',
    ['SHP-5Q', 'Sharps container 5 qt', NEEDLES, L],
    ['each', 640, 'D2'],
    [12, 8, 6],
    [14, 9, 4],
    {},
  ),
  item(
    'treatment',
    ['LID-1-EPI', 'Lidocaine 1 % with epinephrine, 20 ml vial', DRUGS, N],
    ['vial', 515, 'E1'],
    [60, 40, 30],
    [52, 46, 36],
    { packs: box(25), lots: [lot('LE-30418', '2026-12-15'), lot('LE-30977', '2027-11-30')] },
  ),
  item(
    'treatment',
    ['LID-2', 'Lidocaine 2 % plain, 20 ml vial', DRUGS, N],
    ['vial', 468, 'E1'],
    [30, 20, 20],
    [38, 24, 20],
    { packs: box(25), lots: [lot('L2-20551', '2027-08-31')] },
  ),
  item(
    'treatment',
    ['BIC-84', 'Sodium bicarbonate 8.4 %, 50 ml vial', DRUGS, N],
    ['vial', 890, 'E1'],
    [12, 8, 6],
    [14, 8, 7],
    { packs: box(25), lots: [lot('SB-7702', '2027-04-30')] },
  ),
  item(
    'treatment',
    ['TRI-10', 'Triamcinolone 10 mg/ml, 5 ml vial', DRUGS, N],
    ['vial', 1240, 'E2'],
    [30, 20, 16],
    [34, 12, 18],
    {
      packs: box(10),
      vial: { units: 5, unit: 'ml', days: 28 },
      lots: [lot('TC10-412', '2027-07-31')],
    },
  ),
  item(
    'treatment',
    ['TRI-40', 'Triamcinolone 40 mg/ml, 1 ml vial', DRUGS, N],
    ['vial', 1085, 'E2'],
    [20, 12, 10],
    [22, 14, 10],
    { packs: box(10), lots: [lot('TC40-188', '2028-02-29')] },
  ),
  item(
    'treatment',
    ['LN2-L', 'Liquid nitrogen', 'Cryotherapy', L],
    ['litre', 290, 'F1'],
    [20, 12, 10],
    [24, 13, 6],
    { packs: [['dewar', 10]], hazardous: true },
  ),
  item(
    'treatment',
    ['CAN-07', 'Cantharidin 0.7 %, applicator', DRUGS, N],
    ['each', 9800, 'E3'],
    [6, 4, 4],
    [7, 4, 5],
    { hazardous: true, lots: [lot('CN-0092', '2027-03-31')] },
  ),
  item(
    'treatment',
    ['ALC-20', 'Aluminum chloride 20 %, 35 ml', DRUGS, D],
    ['bottle', 1190, 'E3'],
    [6, 4, 4],
    [8, 5, 4],
    { lots: [lot('AC20-31', '2027-05-31')] },
  ),
  item(
    'supply',
    ['CHL-SWB', 'Chlorhexidine swab, 3 ml', CLEAN, D],
    ['each', 135, 'G1'],
    [200, 120, 100],
    [230, 140, 112],
    { packs: box(60), lots: [lot('CHX-5580', '2027-09-30')] },
  ),
  item(
    'supply',
    ['ALC-PAD', 'Alcohol prep pad, medium', CLEAN, L],
    ['each', 3, 'G1'],
    [1000, 600, 600],
    [1500, 900, 700],
    { packs: box(200), hazardous: true, lots: [lot('AP-10042', '2028-06-30')] },
  ),
  item(
    'supply',
    ['WIP-SRF', 'Surface disinfectant wipes', CLEAN, L],
    ['tub', 845, 'G2'],
    [24, 16, 12],
    [28, 10, 14],
    { packs: box(12), hazardous: true, lots: [lot('SW-8841', '2027-10-31')] },
  ),
  item(
    'retail',
    ['SUN-50-F', 'Sunscreen SPF 50, face, 50 ml', SHOP, D],
    ['tube', 1460, 'R1'],
    [30, 20, 20],
    [36, 22, 9],
    { packs: box(12), lots: [lot('SF50-260', '2027-05-31')] },
  ),
  item(
    'retail',
    ['SUN-30-B', 'Sunscreen SPF 30, body, 200 ml', SHOP, D],
    ['bottle', 1120, 'R1'],
    [24, 16, 16],
    [26, 18, 16],
    { packs: box(12), lots: [lot('SB30-254', '2027-05-31')] },
  ),
  item(
    'retail',
    ['CLN-GEN', 'Gentle cleanser 240 ml', SHOP, D],
    ['bottle', 890, 'R2'],
    [24, 16, 12],
    [25, 9, 14],
    { packs: box(12), lot: 'optional', expiry: 'optional' },
  ),
  item(
    'retail',
    ['MST-CER', 'Ceramide moisturizer 340 g', SHOP, D],
    ['jar', 1040, 'R2'],
    [24, 16, 12],
    [30, 18, 12],
    { packs: box(12), lot: 'optional', expiry: 'optional' },
  ),
  item(
    'sample',
    ['SMP-BPO', 'Benzoyl peroxide 4 % wash, sample', 'Samples', D],
    ['each', 0, 'S1'],
    [60, 40, 40],
    [80, 44, 52],
    { lots: [lot('SMP-BP-19', '2027-01-31')] },
  ),
  item(
    'device',
    ['DER-HEAD', 'Dermatoscope contact plate', TOOLS, H],
    ['each', 2350, 'T1'],
    [4, 2, 2],
    [5, 3, 2],
    {},
  ),
  item(
    'supply',
    ['GLV-LTX-M', 'Latex gloves, medium', PPE, H],
    ['pair', 8, 'A9'],
    [0, 0, 0],
    [40, 0, 0],
    { packs: box(50), status: 'discontinued' },
  ),
];

/** Tables whose rows own files. Whoever may read the row may read its file. */
export const FILE_OWNERS = [
  'inventory_items',
  'inventory_lots',
  'sds_documents',
  'purchase_orders',
  'unmatched_scans',
  'handout_template_versions',
  'generated_handouts',
  'insurance_captures',
  'digital_signatures',
  'pharma_appointments',
  'transfers_of_value',
  'authorization_evidence',
  'pa_submissions',
  'insurance_responses',
  'comments',
] as const;

-- Lots come about by acts, nobody creates one: whoever may change a lot adds the papers of its trade.
-- The lists are those of shared/access/matrix.ts, and a test compares.
update private.access_matrix set only_values = array[
    'inventory_lots', 'purchase_orders', 'unmatched_scans', 'handout_template_versions',
    'authorization_evidence', 'pa_submissions', 'insurance_responses'
  ] where role = 'CS' and table_name = 'file_uploads' and operation in ('create', 'update');
update private.access_matrix set only_values = array[
    'inventory_items', 'inventory_lots', 'sds_documents', 'purchase_orders', 'unmatched_scans',
    'handout_template_versions', 'pharma_appointments'
  ] where role in ('MG', 'LM') and table_name = 'file_uploads' and operation in ('create', 'update');
update private.access_matrix set reach = 'sites', only_values = array[
    'inventory_lots', 'sds_documents'
  ] where role = 'SAFETY' and table_name = 'file_uploads' and operation in ('create', 'update');

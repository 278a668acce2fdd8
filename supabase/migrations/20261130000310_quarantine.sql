-- Whoever may decide about quarantined rows: also about facts, of which nothing is contested and which
-- therefore stood in nobody's list. The lists are those of shared/access/matrix.ts; a test compares.

-- The rights that the author has had: a row that is released is judged by them, not by those of the one
-- who releases it.
alter table private.quarantine add column grants jsonb not null default '[]';

update private.access_matrix set reach = 'all', only_field = 'table_name', only_values = array[
    'patients', 'handout_templates', 'handout_template_versions', 'handout_links',
    'patient_comm_preferences', 'handout_recall_targets', 'form_submissions',
    'pharma_appointments', 'appointment_participants', 'authorization_requests',
    'therapy_trials', 'appeals', 'pa_tasks', 'consents', 'opt_outs', 'vendor_prices',
    'patient_refs', 'handout_packs', 'handout_voids', 'delivery_tracking',
    'digital_signatures', 'signature_invalidations', 'patient_field_changes',
    'patient_field_decisions', 'appointment_approvals', 'sample_deliveries',
    'authorization_evidence', 'evidence_reviews', 'severity_scores', 'criteria_checks',
    'ai_reviews', 'pa_signatures', 'pa_submissions', 'insurance_responses',
    'pa_communications', 'outage_log'
  ] where role = 'PR' and table_name = 'review_items'
    and operation in ('read');
update private.access_matrix set reach = 'all', only_field = 'table_name', only_values = array[
    'patients', 'handout_templates', 'handout_template_versions', 'handout_links',
    'patient_comm_preferences', 'handout_recall_targets', 'form_submissions',
    'pharma_appointments', 'authorization_requests', 'therapy_trials', 'appeals', 'pa_tasks',
    'consents', 'opt_outs', 'vendor_prices', 'patient_refs', 'handout_packs', 'handout_voids',
    'delivery_tracking', 'digital_signatures', 'signature_invalidations',
    'patient_field_changes', 'patient_field_decisions', 'appointment_approvals',
    'sample_deliveries', 'authorization_evidence', 'evidence_reviews', 'severity_scores',
    'criteria_checks', 'ai_reviews', 'pa_signatures', 'pa_submissions', 'insurance_responses',
    'pa_communications', 'outage_log'
  ] where role = 'PR' and table_name = 'review_items'
    and operation in ('update', 'approve');
update private.access_matrix set reach = 'all', only_field = 'table_name', only_values = array[
    'inventory_items', 'vendors', 'vendor_items', 'item_locations', 'inventory_lots',
    'count_sessions', 'purchase_orders', 'purchase_order_lines', 'transfers',
    'reorder_requests', 'unmatched_scans', 'sds_documents', 'handout_templates',
    'handout_template_versions', 'handout_recall_targets', 'form_templates',
    'form_template_versions', 'eos_teams', 'pharma_companies', 'pharma_representatives',
    'availability_overrides', 'pharma_appointments', 'appointment_participants',
    'waitlist_entries', 'consents', 'opt_outs', 'vendor_prices', 'stock_acts', 'count_lines',
    'purchase_order_acts', 'po_approvals', 'sample_log', 'check_in_records',
    'patient_field_changes', 'patient_field_decisions', 'payment_transactions',
    'meeting_events', 'rock_checkins', 'scorecard_goals', 'issue_resolutions',
    'cascading_messages', 'vto_versions', 'comments', 'text_redactions',
    'appointment_approvals', 'visitor_sign_ins', 'meal_records', 'sample_deliveries',
    'rep_policy_acks', 'rep_communications', 'outage_log'
  ] where role = 'MG' and table_name = 'review_items'
    and operation in ('read', 'update', 'approve');
update private.access_matrix set reach = 'sites', only_field = 'table_name', only_values = array[
    'inventory_items', 'item_locations', 'inventory_lots', 'count_sessions', 'purchase_orders',
    'purchase_order_lines', 'transfers', 'reorder_requests', 'unmatched_scans',
    'sds_documents', 'handout_template_versions', 'handout_recall_targets',
    'form_template_versions', 'eos_teams', 'pharma_companies', 'pharma_representatives',
    'availability_overrides', 'pharma_appointments', 'appointment_participants',
    'waitlist_entries', 'consents', 'opt_outs', 'vendor_prices', 'stock_acts', 'count_lines',
    'purchase_order_acts', 'po_approvals', 'sample_log', 'check_in_records',
    'patient_field_changes', 'patient_field_decisions', 'payment_transactions',
    'meeting_events', 'rock_checkins', 'scorecard_goals', 'issue_resolutions',
    'cascading_messages', 'vto_versions', 'comments', 'text_redactions',
    'appointment_approvals', 'visitor_sign_ins', 'meal_records', 'sample_deliveries',
    'rep_policy_acks', 'rep_communications', 'outage_log'
  ] where role = 'LM' and table_name = 'review_items'
    and operation in ('read', 'update', 'approve');
update private.access_matrix set reach = 'all', only_field = 'table_name', only_values = array[
    'inventory_items', 'vendors', 'vendor_items', 'item_locations', 'purchase_orders',
    'eos_teams', 'pharma_companies', 'pharma_representatives', 'availability_overrides',
    'pharma_appointments', 'vendor_prices', 'stock_acts', 'count_lines', 'purchase_order_acts',
    'po_approvals', 'appointment_approvals', 'visitor_sign_ins', 'meal_records',
    'sample_deliveries', 'rep_policy_acks', 'rep_communications', 'outage_log'
  ] where role = 'SA' and table_name = 'review_items'
    and operation in ('read', 'update', 'approve');

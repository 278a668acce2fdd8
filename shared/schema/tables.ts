import type { RowOf, TableDefinition } from './define.ts';
import { aiAnalysisResults } from './tables/ai-analysis-results.ts';
import { aiReviews } from './tables/ai-reviews.ts';
import { appeals } from './tables/appeals.ts';
import { appointmentApprovals } from './tables/appointment-approvals.ts';
import { appointmentParticipants } from './tables/appointment-participants.ts';
import { appointments } from './tables/appointments.ts';
import { auditLogs } from './tables/audit-logs.ts';
import { authorizationEvidence } from './tables/authorization-evidence.ts';
import { authorizationRequests } from './tables/authorization-requests.ts';
import { authorizationSummaries } from './tables/authorization-summaries.ts';
import { availabilityOverrides } from './tables/availability-overrides.ts';
import { cascadingAcks } from './tables/cascading-acks.ts';
import { cascadingMessages } from './tables/cascading-messages.ts';
import { checkInRecords } from './tables/check-in-records.ts';
import { comments } from './tables/comments.ts';
import { communicationEvents } from './tables/communication-events.ts';
import { conflictLog } from './tables/conflict-log.ts';
import { consents } from './tables/consents.ts';
import { countLines } from './tables/count-lines.ts';
import { countSessions } from './tables/count-sessions.ts';
import { coverages } from './tables/coverages.ts';
import { criteriaChecks } from './tables/criteria-checks.ts';
import { deliveryTracking } from './tables/delivery-tracking.ts';
import { devices } from './tables/devices.ts';
import { digitalSignatures } from './tables/digital-signatures.ts';
import { eosTeamMembers } from './tables/eos-team-members.ts';
import { eosTeams } from './tables/eos-teams.ts';
import { evidenceReviews } from './tables/evidence-reviews.ts';
import { fileUploads } from './tables/file-uploads.ts';
import { formSubmissionSummaries } from './tables/form-submission-summaries.ts';
import { formSubmissions } from './tables/form-submissions.ts';
import { formTemplateVersions } from './tables/form-template-versions.ts';
import { formTemplates } from './tables/form-templates.ts';
import { generatedHandouts } from './tables/generated-handouts.ts';
import { handoutLinks } from './tables/handout-links.ts';
import { handoutPacks } from './tables/handout-packs.ts';
import { handoutRecallTargets } from './tables/handout-recall-targets.ts';
import { handoutRecalls } from './tables/handout-recalls.ts';
import { handoutSummaries } from './tables/handout-summaries.ts';
import { handoutTemplateVersions } from './tables/handout-template-versions.ts';
import { handoutTemplates } from './tables/handout-templates.ts';
import { handoutVoids } from './tables/handout-voids.ts';
import { headlines } from './tables/headlines.ts';
import { insuranceCaptures } from './tables/insurance-captures.ts';
import { insuranceResponseSummaries } from './tables/insurance-response-summaries.ts';
import { insuranceResponses } from './tables/insurance-responses.ts';
import { inventoryItems } from './tables/inventory-items.ts';
import { inventoryLots } from './tables/inventory-lots.ts';
import { issueResolutions } from './tables/issue-resolutions.ts';
import { issueVotes } from './tables/issue-votes.ts';
import { issues } from './tables/issues.ts';
import { itemDistinctions } from './tables/item-distinctions.ts';
import { itemLocations } from './tables/item-locations.ts';
import { itemMerges } from './tables/item-merges.ts';
import { kioskDevices } from './tables/kiosk-devices.ts';
import { kioskSchedule } from './tables/kiosk-schedule.ts';
import { kioskSessions } from './tables/kiosk-sessions.ts';
import { l10Meetings } from './tables/l10-meetings.ts';
import { locationConfigs } from './tables/location-configs.ts';
import { locations } from './tables/locations.ts';
import { mealRecords } from './tables/meal-records.ts';
import { medications } from './tables/medications.ts';
import { meetingEvents } from './tables/meeting-events.ts';
import { meetingNotes } from './tables/meeting-notes.ts';
import { meetingRatings } from './tables/meeting-ratings.ts';
import { milestones } from './tables/milestones.ts';
import { notificationReads } from './tables/notification-reads.ts';
import { notifications } from './tables/notifications.ts';
import { openPaymentsThresholds } from './tables/open-payments-thresholds.ts';
import { optOuts } from './tables/opt-outs.ts';
import { orderSendEvents } from './tables/order-send-events.ts';
import { orderSends } from './tables/order-sends.ts';
import { outageLog } from './tables/outage-log.ts';
import { paCommunications } from './tables/pa-communications.ts';
import { paSignatures } from './tables/pa-signatures.ts';
import { paSubmissions } from './tables/pa-submissions.ts';
import { paTasks } from './tables/pa-tasks.ts';
import { patientCommPreferences } from './tables/patient-comm-preferences.ts';
import { patientFieldChanges } from './tables/patient-field-changes.ts';
import { patientFieldDecisions } from './tables/patient-field-decisions.ts';
import { patientMedications } from './tables/patient-medications.ts';
import { patientRefs } from './tables/patient-refs.ts';
import { patientUses } from './tables/patient-uses.ts';
import { patients } from './tables/patients.ts';
import { payerRuleVersions } from './tables/payer-rule-versions.ts';
import { payerRules } from './tables/payer-rules.ts';
import { paymentTransactions } from './tables/payment-transactions.ts';
import { pharmaAppointments } from './tables/pharma-appointments.ts';
import { pharmaCompanies } from './tables/pharma-companies.ts';
import { pharmaRepresentatives } from './tables/pharma-representatives.ts';
import { poApprovals } from './tables/po-approvals.ts';
import { purchaseOrderActs } from './tables/purchase-order-acts.ts';
import { purchaseOrderLines } from './tables/purchase-order-lines.ts';
import { purchaseOrders } from './tables/purchase-orders.ts';
import { regimeRules } from './tables/regime-rules.ts';
import { reorderRequests } from './tables/reorder-requests.ts';
import { repCommunications } from './tables/rep-communications.ts';
import { repPolicyAcks } from './tables/rep-policy-acks.ts';
import { reviewDecisions } from './tables/review-decisions.ts';
import { reviewItems } from './tables/review-items.ts';
import { rockCheckins } from './tables/rock-checkins.ts';
import { rocks } from './tables/rocks.ts';
import { rolePermissions } from './tables/role-permissions.ts';
import { sampleDeliveries } from './tables/sample-deliveries.ts';
import { sampleLog } from './tables/sample-log.ts';
import { sampleReconciliations } from './tables/sample-reconciliations.ts';
import { schedulingActivities } from './tables/scheduling-activities.ts';
import { scorecardEntries } from './tables/scorecard-entries.ts';
import { scorecardGoals } from './tables/scorecard-goals.ts';
import { scorecardMetrics } from './tables/scorecard-metrics.ts';
import { sdsDocuments } from './tables/sds-documents.ts';
import { severityScores } from './tables/severity-scores.ts';
import { signatureInvalidations } from './tables/signature-invalidations.ts';
import { slotClaims } from './tables/slot-claims.ts';
import { slotLeases } from './tables/slot-leases.ts';
import { stockActs } from './tables/stock-acts.ts';
import { stockMovements } from './tables/stock-movements.ts';
import { textRedactions } from './tables/text-redactions.ts';
import { therapyTrials } from './tables/therapy-trials.ts';
import { todos } from './tables/todos.ts';
import { transfers } from './tables/transfers.ts';
import { transfersOfValue } from './tables/transfers-of-value.ts';
import { transitions } from './tables/transitions.ts';
import { unmatchedScans } from './tables/unmatched-scans.ts';
import { userPermissions } from './tables/user-permissions.ts';
import { userRoles } from './tables/user-roles.ts';
import { users } from './tables/users.ts';
import { vendorItems } from './tables/vendor-items.ts';
import { vendorPrices } from './tables/vendor-prices.ts';
import { vendors } from './tables/vendors.ts';
import { vialActs } from './tables/vial-acts.ts';
import { visitorSignIns } from './tables/visitor-sign-ins.ts';
import { vtoDrafts } from './tables/vto-drafts.ts';
import { vtoVersions } from './tables/vto-versions.ts';
import { waitlistEntries } from './tables/waitlist-entries.ts';

/**
 * Every table of the suite, parents before children: the order in which rows are pushed, so that a
 * row never arrives before the one that it refers to.
 */
export const TABLES = {
  locations,
  users,
  user_roles: userRoles,
  user_permissions: userPermissions,
  role_permissions: rolePermissions,
  location_configs: locationConfigs,
  devices,
  eos_teams: eosTeams,
  eos_team_members: eosTeamMembers,
  file_uploads: fileUploads,
  // Before the records that it decides: an edit made on top of a decision arrives behind it.
  review_decisions: reviewDecisions,
  medications,
  patients,
  appointments,
  patient_medications: patientMedications,
  coverages,
  consents,
  opt_outs: optOuts,
  communication_events: communicationEvents,
  notifications,
  notification_reads: notificationReads,
  vendors,
  inventory_items: inventoryItems,
  item_merges: itemMerges,
  item_distinctions: itemDistinctions,
  sds_documents: sdsDocuments,
  item_locations: itemLocations,
  vendor_items: vendorItems,
  vendor_prices: vendorPrices,
  purchase_orders: purchaseOrders,
  purchase_order_acts: purchaseOrderActs,
  purchase_order_lines: purchaseOrderLines,
  po_approvals: poApprovals,
  order_sends: orderSends,
  order_send_events: orderSendEvents,
  transfers,
  reorder_requests: reorderRequests,
  unmatched_scans: unmatchedScans,
  patient_refs: patientRefs,
  stock_acts: stockActs,
  inventory_lots: inventoryLots,
  stock_movements: stockMovements,
  vial_acts: vialActs,
  patient_uses: patientUses,
  count_sessions: countSessions,
  count_lines: countLines,
  sample_log: sampleLog,
  sample_reconciliations: sampleReconciliations,
  handout_templates: handoutTemplates,
  handout_template_versions: handoutTemplateVersions,
  handout_packs: handoutPacks,
  generated_handouts: generatedHandouts,
  handout_voids: handoutVoids,
  delivery_tracking: deliveryTracking,
  handout_links: handoutLinks,
  patient_comm_preferences: patientCommPreferences,
  handout_recalls: handoutRecalls,
  handout_recall_targets: handoutRecallTargets,
  handout_summaries: handoutSummaries,
  kiosk_devices: kioskDevices,
  kiosk_sessions: kioskSessions,
  kiosk_schedule: kioskSchedule,
  check_in_records: checkInRecords,
  form_templates: formTemplates,
  form_template_versions: formTemplateVersions,
  form_submissions: formSubmissions,
  form_submission_summaries: formSubmissionSummaries,
  digital_signatures: digitalSignatures,
  signature_invalidations: signatureInvalidations,
  patient_field_changes: patientFieldChanges,
  patient_field_decisions: patientFieldDecisions,
  insurance_captures: insuranceCaptures,
  payment_transactions: paymentTransactions,
  l10_meetings: l10Meetings,
  meeting_events: meetingEvents,
  rocks,
  rock_checkins: rockCheckins,
  milestones,
  scorecard_metrics: scorecardMetrics,
  scorecard_goals: scorecardGoals,
  scorecard_entries: scorecardEntries,
  issues,
  issue_votes: issueVotes,
  issue_resolutions: issueResolutions,
  todos,
  headlines,
  cascading_messages: cascadingMessages,
  cascading_acks: cascadingAcks,
  meeting_ratings: meetingRatings,
  meeting_notes: meetingNotes,
  vto_versions: vtoVersions,
  vto_drafts: vtoDrafts,
  comments,
  text_redactions: textRedactions,
  pharma_companies: pharmaCompanies,
  pharma_representatives: pharmaRepresentatives,
  scheduling_activities: schedulingActivities,
  availability_overrides: availabilityOverrides,
  pharma_appointments: pharmaAppointments,
  slot_claims: slotClaims,
  slot_leases: slotLeases,
  appointment_approvals: appointmentApprovals,
  appointment_participants: appointmentParticipants,
  visitor_sign_ins: visitorSignIns,
  meal_records: mealRecords,
  transfers_of_value: transfersOfValue,
  open_payments_thresholds: openPaymentsThresholds,
  sample_deliveries: sampleDeliveries,
  rep_policy_acks: repPolicyAcks,
  rep_communications: repCommunications,
  waitlist_entries: waitlistEntries,
  authorization_requests: authorizationRequests,
  authorization_evidence: authorizationEvidence,
  evidence_reviews: evidenceReviews,
  therapy_trials: therapyTrials,
  severity_scores: severityScores,
  payer_rules: payerRules,
  payer_rule_versions: payerRuleVersions,
  regime_rules: regimeRules,
  criteria_checks: criteriaChecks,
  ai_analysis_results: aiAnalysisResults,
  ai_reviews: aiReviews,
  outage_log: outageLog,
  pa_signatures: paSignatures,
  pa_submissions: paSubmissions,
  insurance_responses: insuranceResponses,
  appeals,
  pa_tasks: paTasks,
  pa_communications: paCommunications,
  authorization_summaries: authorizationSummaries,
  insurance_response_summaries: insuranceResponseSummaries,
  transitions,
  conflict_log: conflictLog,
  review_items: reviewItems,
  audit_logs: auditLogs,
} as const satisfies Record<string, TableDefinition>;

export type TableName = keyof typeof TABLES;
export type TableRow<N extends TableName> = RowOf<(typeof TABLES)[N]>;

/** All names, parents first. */
export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

export const isTableName = (value: unknown): value is TableName =>
  typeof value === 'string' && Object.hasOwn(TABLES, value);

/** A definition by name, with its exact type erased. */
export const tableOf = (name: TableName): TableDefinition =>
  TABLES[name] as unknown as TableDefinition;

/** Tables whose acts rows of a table come from, directly or through others; nearest first. */
export function sourcesOf(name: TableName): readonly TableName[] {
  const found = new Set<TableName>();
  const add = (table: TableName): void => {
    for (const source of tableOf(table).expandedFrom as readonly TableName[]) {
      if (found.has(source)) continue;
      found.add(source);
      add(source);
    }
  };
  add(name);
  return [...found];
}

/** Names in the order in which a device pulls: today's work before history. */
export const PULL_ORDER: readonly TableName[] = TABLE_NAMES.toSorted(
  (a, b) => tableOf(a).priority - tableOf(b).priority,
);

/** True when a row may change after it was made, by people. */
const isChanged = ({ kind, fields }: TableDefinition): boolean =>
  kind === 'record' && Object.values(fields).some(({ merge }) => merge !== 'AO' && merge !== 'CEN');

/**
 * Tables whose rows devices may write and push. Rows that come from an act are pushed only where
 * people insert or change them too.
 */
export const PUSHABLE: readonly TableName[] = TABLE_NAMES.filter((name) => {
  const table = tableOf(name);
  if (table.kind === 'fact') return table.inserted;
  return table.kind === 'record' && (table.inserted || isChanged(table));
});

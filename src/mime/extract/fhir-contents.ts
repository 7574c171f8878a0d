// Of what a FHIR resource tells, by its type.
import { childOf, childrenOf, type FhirNode, valueOf } from './fhir-tree.ts';
import type { HealthContent } from './health-record.ts';
import { isVitalSign } from './loinc.ts';

const BY_TYPE: ReadonlyMap<string, readonly HealthContent[]> = new Map([
  ...types(['diagnosis'], 'Condition FamilyMemberHistory Flag DetectedIssue RiskAssessment AdverseEvent'),
  ...types(
    ['medication'],
    'MedicationRequest MedicationOrder MedicationStatement MedicationUsage MedicationAdministration MedicationDispense Medication',
  ),
  ...types(['result'], 'DiagnosticReport Specimen MolecularSequence GenomicStudy Sequence'),
  ...types(['procedure'], 'Procedure'),
  ...types(['allergy'], 'AllergyIntolerance'),
  ...types(['immunization'], 'Immunization ImmunizationRecommendation ImmunizationEvaluation'),
  ...types(['encounter'], 'Encounter EpisodeOfCare EncounterHistory'),
  ...types(['appointment'], 'Appointment AppointmentResponse'),
  ...types(
    ['order'],
    'ServiceRequest DiagnosticOrder ProcedureRequest ReferralRequest DeviceRequest DeviceUseRequest NutritionOrder RequestGroup ' +
      'RequestOrchestration VisionPrescription SupplyRequest Order CommunicationRequest',
  ),
  ...types(['note'], 'Composition DocumentReference ClinicalImpression Communication QuestionnaireResponse CarePlan Goal'),
  ...types(['image'], 'ImagingStudy ImagingSelection ImagingObjectSelection ImagingManifest Media'),
  ...types(['claim'], 'Claim ClaimResponse ChargeItem'),
  ...types(['claim', 'payment'], 'ExplanationOfBenefit'),
  ...types(['payment'], 'Invoice PaymentNotice PaymentReconciliation'),
  ...types(
    ['coverage'],
    'Coverage CoverageEligibilityRequest CoverageEligibilityResponse EligibilityRequest EligibilityResponse EnrollmentRequest EnrollmentResponse',
  ),
]);

export function contentsOfResource(type: string, node: FhirNode): readonly HealthContent[] {
  if (type === 'Observation') return [isVital(node) ? 'vital-sign' : 'result'];
  return BY_TYPE.get(type) ?? [];
}

/** By category or by code. */
function isVital(observation: FhirNode): boolean {
  const codings = (concept: FhirNode | null): readonly FhirNode[] => (concept === null ? [] : childrenOf(concept, 'coding'));
  const categories = childrenOf(observation, 'category').flatMap(codings);
  return (
    categories.some((coding) => valueOf(coding, 'code') === 'vital-signs') ||
    codings(childOf(observation, 'code')).some((coding) => isVitalSign(valueOf(coding, 'code')))
  );
}

function types(contents: readonly HealthContent[], names: string): [string, readonly HealthContent[]][] {
  return names.split(' ').map((name) => [name, contents]);
}

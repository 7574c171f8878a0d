// Names that a place or a type may hold of a FHIR resource, DSTU2 to R5: resource types, elements, data types. Any other name could be content.

const RESOURCE_TYPES: ReadonlySet<string> = new Set(
  (
    'Account ActivityDefinition ActorDefinition AdministrableProductDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse ' +
    'ArtifactAssessment AuditEvent Basic Binary BiologicallyDerivedProduct BiologicallyDerivedProductDispense BodySite BodyStructure Bundle ' +
    'CapabilityStatement CarePlan CareTeam CatalogEntry ChargeItem ChargeItemDefinition Citation Claim ClaimResponse ClinicalImpression ' +
    'ClinicalUseDefinition CodeSystem Communication CommunicationRequest CompartmentDefinition Composition ConceptMap Condition ' +
    'ConditionDefinition Conformance Consent Contract Coverage CoverageEligibilityRequest CoverageEligibilityResponse DataElement ' +
    'DetectedIssue Device DeviceAlert DeviceAssociation DeviceComponent DeviceDefinition DeviceDispense DeviceMetric DeviceRequest DeviceUsage ' +
    'DeviceUseRequest DeviceUseStatement DiagnosticOrder DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis ' +
    'EligibilityRequest EligibilityResponse Encounter EncounterHistory Endpoint EnrollmentRequest EnrollmentResponse EpisodeOfCare ' +
    'EventDefinition Evidence EvidenceReport EvidenceVariable ExampleScenario ExpansionProfile ExplanationOfBenefit FamilyMemberHistory Flag ' +
    'FormularyItem GenomicStudy Goal GraphDefinition Group GuidanceResponse HealthcareService ImagingManifest ImagingObjectSelection ' +
    'ImagingSelection ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide Ingredient InsurancePlan ' +
    'InventoryItem InventoryReport Invoice Library Linkage List Location ManufacturedItemDefinition Measure MeasureReport Media Medication ' +
    'MedicationAdministration MedicationDispense MedicationKnowledge MedicationOrder MedicationRequest MedicationStatement ' +
    'MedicinalProduct MedicinalProductDefinition MessageDefinition MessageHeader MolecularSequence NamingSystem NutritionIntake NutritionOrder ' +
    'NutritionProduct Observation ObservationDefinition OperationDefinition OperationOutcome Order OrderResponse Organization ' +
    'OrganizationAffiliation PackagedProductDefinition Parameters Patient PaymentNotice PaymentReconciliation Permission Person PlanDefinition ' +
    'Practitioner PractitionerRole Procedure ProcedureRequest ProcessRequest ProcessResponse Provenance Questionnaire QuestionnaireResponse ' +
    'ReferralRequest RegulatedAuthorization RelatedPerson RequestGroup RequestOrchestration Requirements ResearchDefinition ' +
    'ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter Sequence ' +
    'ServiceDefinition ServiceRequest Slot Specimen SpecimenDefinition StructureDefinition StructureMap Subscription SubscriptionStatus ' +
    'SubscriptionTopic Substance SubstanceDefinition SubstanceNucleicAcid SubstancePolymer SubstanceProtein SubstanceReferenceInformation ' +
    'SubstanceSourceMaterial SubstanceSpecification SupplyDelivery SupplyRequest Task TerminologyCapabilities TestPlan TestReport TestScript ' +
    'Transport ValueSet VerificationResult VisionPrescription'
  ).split(' '),
);

export function isResourceType(name: string): boolean {
  return RESOURCE_TYPES.has(name);
}

/** Elements of the resources that tell of people and their health. */
const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'id meta implicitRules language text extension modifierExtension identifier active name telecom gender birthDate deceased address ' +
    'maritalStatus multipleBirth photo contact communication generalPractitioner careProvider managingOrganization link animal patient ' +
    'relationship period status statusReason intent category code subject encounter context effective issued performer value dataAbsentReason ' +
    'interpretation note comment comments bodySite method specimen device referenceRange related hasMember derivedFrom component onset ' +
    'abatement recordedDate dateRecorded dateAsserted recorder asserter stage evidence clinicalStatus verificationStatus severity type ' +
    'criticality lastOccurrence reaction participant basedOn partOf medication medicationReference medicationCodeableConcept authoredOn ' +
    'requester reasonCode reasonReference reason reasonNotTaken dosage dosageInstruction dispenseRequest substitution priorPrescription ' +
    'quantity daysSupply whenPrepared whenHandedOver destination receiver prescriber dateWritten dateEnded statement wasNotTaken manufacturer ' +
    'lotNumber expirationDate site route doseQuantity vaccineCode occurrence primarySource reportOrigin location programEligibility ' +
    'fundingSource protocolApplied vaccinationProtocol explanation date recorded education class priority length diagnosis hospitalization ' +
    'admission serviceProvider appointment account performed performedPeriod outcome report complication followUp focalDevice usedCode used ' +
    'request description start end minutesDuration slot created supportingInformation serviceType serviceCategory specialty patientInstruction ' +
    'orderDetail requisition replaces instantiatesCanonical doNotPerform insurance result media conclusion conclusionCode codedDiagnosis ' +
    'presentedForm imagingStudy image content author authenticator custodian relatesTo securityLabel docStatus indexed title section ' +
    'confidentiality attester event subscriber subscriberId policyHolder beneficiary dependent payor payer insurer network order group plan ' +
    'subPlan policy relationshipCode bin sequence use billablePeriod enterer provider prescription originalPrescription payee referral ' +
    'facility careTeam supportingInfo information procedure item total adjudication payment claim claimResponse disposition accident coverage ' +
    'benefitBalance addItem processNote patientPaid reference formCode form error recipient sender payload sent received topic inResponseTo ' +
    'reasonContext medium questionnaire source authored created questionnaireVersion goal activity addresses condition target achievementStatus ' +
    'lifecycleStatus description startDate expressedBy summary finding prognosis investigation protocol assessor previous problem changePattern ' +
    'risk mitigation prediction basis hazard born age estimatedAge deceasedBoolean sex member characteristic actual udi udiCarrier ' +
    'serialNumber model owner distinctIdentifier url expiry manufactureDate deviceName started series numberOfSeries numberOfInstances modality ' +
    'endpoint interpreter procedureCode procedureReference contentType data collection receivedTime parent container processing ' +
    'accessionIdentifier type entry total parameter issue signature timestamp responsible agent entity entityType action activity lineItem ' +
    'totalNet totalGross paymentTerms participantRole issuer cancelledReason balance servicePeriod guarantor for focus businessStatus ' +
    'executionPeriod lastModified restriction input output groupIdentifier owner'
  ).split(' '),
);

/** Data types that end the name of an element with a choice: `valueQuantity`. */
const CHOICE =
  /^([a-z][A-Za-z]{1,20}?)(?:Quantity|String|CodeableConcept|CodeableReference|Boolean|Integer|Integer64|Decimal|Range|Ratio|SampledData|Time|DateTime|Date|Period|Instant|Attachment|Reference|Identifier|Age|Duration|Money|Timing|Coding|Uri|Url|Code|Annotation|Address|HumanName|ContactPoint|Base64Binary|Markdown|Id|Oid|Uuid|Canonical|Expression|SimpleQuantity)$/;

/** `Patient.name`; the resource alone where the element is not known, null where neither is. */
export function elementMark(resourceType: string, element: string): string | null {
  if (!isResourceType(resourceType)) return null;
  const base = CHOICE.exec(element)?.[1];
  return ELEMENTS.has(element) || (base !== undefined && ELEMENTS.has(base)) ? `${resourceType}.${element}` : resourceType;
}

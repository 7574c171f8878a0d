// All detectors, joined. A new one is a line here.
import type { Detector } from '../inspect/detector.ts';
import { accountDetector } from '../inspect/detectors/account.ts';
import { biometricDetector } from '../inspect/detectors/biometric.ts';
import { careDetector } from '../inspect/detectors/care.ts';
import { clinicalProseDetector } from '../inspect/detectors/clinical-prose.ts';
import { codeDetector } from '../inspect/detectors/code.ts';
import { conditionDetector } from '../inspect/detectors/condition.ts';
import { dateDetector } from '../inspect/detectors/date.ts';
import { deviceDetector } from '../inspect/detectors/device.ts';
import { documentDetector } from '../inspect/detectors/document.ts';
import { drugDetector } from '../inspect/detectors/drug.ts';
import { emailDetector } from '../inspect/detectors/email.ts';
import { faceDetector } from '../inspect/detectors/face.ts';
import { geographyDetector } from '../inspect/detectors/geography.ts';
import { ipDetector } from '../inspect/detectors/ip.ts';
import { licenceDetector } from '../inspect/detectors/licence.ts';
import { medicareNumberDetector } from '../inspect/detectors/medicare-number.ts';
import { mrnDetector } from '../inspect/detectors/mrn.ts';
import { nameDetector } from '../inspect/detectors/name.ts';
import { otherIdDetector } from '../inspect/detectors/other-id.ts';
import { paymentDetector } from '../inspect/detectors/payment.ts';
import { phoneDetector } from '../inspect/detectors/phone.ts';
import { planNumberDetector } from '../inspect/detectors/plan-number.ts';
import { procedureDetector } from '../inspect/detectors/procedure.ts';
import { providerNumberDetector } from '../inspect/detectors/provider-number.ts';
import { specialCategoryDetector } from '../inspect/detectors/special-category.ts';
import { ssnDetector } from '../inspect/detectors/ssn.ts';
import { testResultDetector } from '../inspect/detectors/test-result.ts';
import { urlDetector } from '../inspect/detectors/url.ts';
import { vehicleDetector } from '../inspect/detectors/vehicle.ts';

export const DETECTORS: readonly Detector[] = [
  accountDetector,
  biometricDetector,
  careDetector,
  clinicalProseDetector,
  codeDetector,
  conditionDetector,
  dateDetector,
  deviceDetector,
  documentDetector,
  drugDetector,
  emailDetector,
  faceDetector,
  geographyDetector,
  ipDetector,
  licenceDetector,
  medicareNumberDetector,
  mrnDetector,
  nameDetector,
  otherIdDetector,
  paymentDetector,
  phoneDetector,
  planNumberDetector,
  procedureDetector,
  providerNumberDetector,
  specialCategoryDetector,
  ssnDetector,
  testResultDetector,
  urlDetector,
  vehicleDetector,
];

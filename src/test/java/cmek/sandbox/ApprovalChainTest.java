package cmek.sandbox;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(WithApproval.class)
class ApprovalChainTest extends ApprovalChainFacts {}

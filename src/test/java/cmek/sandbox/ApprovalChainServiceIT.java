package cmek.sandbox;

@InAnotherProcess(WithApproval.class)
class ApprovalChainServiceIT extends ApprovalChainFacts {}

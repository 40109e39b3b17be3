package cmek.sandbox;

@InAnotherProcess(InTheSandbox.class)
class HostileAnswersServiceIT extends HostileAnswersFacts {}

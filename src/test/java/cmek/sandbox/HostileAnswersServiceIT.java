package cmek.sandbox;

@InAnotherProcess(InTheWorld.class)
class HostileAnswersServiceIT extends HostileAnswersFacts {}
